/** Policy tests files (policy.md §9): cases that say what a bundle must decide. */
import { isMap, type ParsedNode } from 'yaml';
import type { Checked, Diagnostic, SourceRange } from '../diagnostics/index.js';
import { rangeOf, readYaml, StrictMap, type YamlSource } from '../yaml/index.js';
import { isPolicyAction } from './actions.js';
import type { PolicyQuestion } from './decision.js';

export interface PolicyTestCase {
  readonly id: string;
  readonly question: PolicyQuestion;
  readonly expect: 'allow' | 'deny';
  readonly range: SourceRange;
}

/** The cases of a tests file, or every reason why it is none (stage Y). */
export function parsePolicyTests(
  text: string,
  options: { readonly uri?: string } = {},
): Checked<readonly PolicyTestCase[] | undefined> {
  const diagnostics: Diagnostic[] = [];
  const report = (message: string, range: SourceRange): void => {
    diagnostics.push({
      code: 'policy-tests',
      severity: 'error',
      stage: 'Y',
      message,
      range,
      ...(options.uri === undefined ? {} : { uri: options.uri }),
    });
  };
  const source = readYaml(text);
  for (const problem of source.problems) report(problem.message, problem.range);
  const root = source.document.contents;
  if (diagnostics.length > 0) return { value: undefined, diagnostics };
  if (!isMap(root)) {
    report('a policy tests file must be a mapping with `version: 1`', rangeOf(root, source.lines));
    return { value: undefined, diagnostics };
  }
  const map = new StrictMap(root, '', source, report);
  const version = map.integer('version');
  const cases = (map.list('cases') ?? []).flatMap((item, index) => readCase(item, index, source, report) ?? []);
  map.close();
  if (version !== undefined && version.value !== 1) report('the policy tests version must be 1', version.range);
  const ids = new Set<string>();
  for (const { id, range } of cases) {
    if (ids.has(id)) report(`duplicate policy test case id '${id}'`, range);
    ids.add(id);
  }
  return { value: diagnostics.length > 0 ? undefined : cases, diagnostics };
}

function readCase(
  item: ParsedNode,
  index: number,
  source: YamlSource,
  report: (message: string, range: SourceRange) => void,
): PolicyTestCase | undefined {
  const range = rangeOf(item, source.lines);
  if (!isMap(item)) {
    report(`\`cases[${index}]\` must be a mapping`, range);
    return undefined;
  }
  const map = new StrictMap(item, `cases[${index}]`, source, report);
  const id = map.string('id');
  const actor = map.string('actor');
  const action = map.string('action');
  const branch = map.optionalString('branch');
  const target = map.optionalString('target_branch');
  const expect = map.string('expect');
  map.close();
  if (id !== undefined && id.value.trim() === '') report('policy test case ids must not be blank', id.range);
  if (actor !== undefined && actor.value.trim() === '')
    report(`case '${id?.value ?? index}' has a blank actor`, actor.range);
  if (action !== undefined && !isPolicyAction(action.value)) report(`unknown action \`${action.value}\``, action.range);
  if (expect !== undefined && expect.value !== 'allow' && expect.value !== 'deny')
    report('`expect` must be allow or deny', expect.range);
  if (
    id === undefined ||
    actor === undefined ||
    action === undefined ||
    expect === undefined ||
    !isPolicyAction(action.value)
  )
    return undefined;
  return {
    id: id.value,
    question: {
      actor: actor.value,
      action: action.value,
      ...(branch === undefined ? {} : { branch: branch.value }),
      ...(target === undefined ? {} : { targetBranch: target.value }),
    },
    expect: expect.value === 'allow' ? 'allow' : 'deny',
    range,
  };
}
