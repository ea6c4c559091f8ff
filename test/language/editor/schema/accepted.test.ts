import { type Catalog, compileSchema } from 'omnigraph-language';
import { expect, test } from 'vitest';
import type { CodeAction, CompletionItem } from 'vscode-languageserver';
import { CancellationToken } from 'vscode-languageserver';
import { planPreviews } from '../../../../language/src/editor/plan/index.js';
import type { PlanSource } from '../../../../language/src/editor/plan-source.js';
import { schemaCodeActions } from '../../../../language/src/editor/schema/code-actions.js';
import { schemaCompletion } from '../../../../language/src/editor/schema/completion.js';
import { renameAt } from '../../../../language/src/editor/symbols/index.js';
import { edited, openFolder, unmarked, uriOf } from '../symbols/fixture.js';

const CLUSTER = 'version: 1\nmetadata:\n  name: demo\ngraphs:\n  g:\n    schema: schema.pg\n';

/** A schema with a mark, in a cluster whose graph has another schema now. */
async function openEvolved(accepted: string, marked: string) {
  const { text, offset } = unmarked(marked);
  const files = { 'schema.pg': text, 'cluster.yaml': CLUSTER };
  const { workspace, context } = await openFolder(files, {}, sourceOf(catalogOf(accepted)));
  const [cluster] = workspace.clusters;
  const document = workspace.document(uriOf('schema.pg'));
  if (cluster === undefined || document?.kind !== 'schema') throw new Error('the cluster has no schema');
  await planPreviews(context).settled(cluster);
  return { context, document, text, position: document.lines.position(offset) };
}

function catalogOf(text: string): Catalog {
  const { catalog } = compileSchema(text);
  if (catalog === undefined) throw new Error(`${text} does not compile`);
  return catalog;
}

function sourceOf(accepted: Catalog): PlanSource {
  return {
    preview: async (desired) => ({
      report: {
        command: 'plan',
        ok: true,
        config_dir: desired.configDir,
        diagnostics: [],
        desired_revision: {},
        resource_digests: new Map(),
        dependencies: [],
        state_observations: {
          state_path: '',
          lock_path: '',
          state_found: true,
          state_revision: 1,
          resource_count: 1,
          locked: false,
          lock_acquired: false,
        },
        changes: [],
        blast_radius: [],
        approvals_required: [],
      },
      ledger: 'found',
      resource_statuses: new Map(),
      graphs: new Map([['g', { kind: 'open', accepted, branches: ['main'], rows: new Map() }]]),
    }),
  };
}

test.each<[string, string, string, string]>([
  ['node A {}', 'node |A {}', 'B', 'node B @rename_from("A") {}'],
  ['node A {}', 'node |B @rename_from("A") {}', 'C', 'node C @rename_from("A") {}'],
  ['node B {}', 'node |B @rename_from("A") {}', 'C', 'node C @rename_from("B") {}'],
  ['node X {}', 'node |A {}', 'B', 'node B {}'],
  ['node A { p: I32 }', 'node A { |p: I32 }', 'q', 'node A { q: I32 @rename_from("p") }'],
  ['node A { p: I32 }', 'node A { |q: I32 @rename_from("p") }', 'r', 'node A { r: I32 @rename_from("p") }'],
  ['node A { q: I32 }', 'node A { |q: I32 @rename_from("p") }', 'r', 'node A { r: I32 @rename_from("q") }'],
  ['node A {}', 'node A { |p: I32? }', 'q', 'node A { q: I32? }'],
  [
    'interface I { p: I32 } node A implements I {}',
    'interface I { |p: I32 } node A implements I {}',
    'q',
    'interface I { q: I32 @rename_from("p") } node A implements I {}',
  ],
])('of accepted %s, renaming in %s to %s', async (accepted, marked, newName, expected) => {
  const { context, document, text, position } = await openEvolved(accepted, marked);
  const edit = await renameAt(context, document, position, newName);
  expect(edited(text, edit?.changes?.[document.uri] ?? [])).toBe(expected);
});

async function actions(accepted: string, marked: string): Promise<readonly (readonly [string, string])[]> {
  const { context, document, text, position } = await openEvolved(accepted, marked);
  const range = { start: position, end: position };
  const params = { textDocument: { uri: document.uri }, range, context: { diagnostics: [], only: ['refactor'] } };
  const handler = schemaCodeActions(context)['textDocument/codeAction'];
  const found = (await handler?.(document, params, CancellationToken.None)) as readonly CodeAction[];
  return found.map(({ title, edit }) => [title, edited(text, edit?.changes?.[document.uri] ?? [])]);
}

test.each<[string, string, readonly (readonly [string, string])[]]>([
  [
    'node A { p: I32? }',
    'node A { |q: I32? }',
    [['Keep the data of `p`: it was renamed', 'node A { q: I32? @rename_from("p") }']],
  ],
  ['node A { p: I32? }', 'node A { |q: String? }', []],
  ['node A { p: I32? }', 'node A { p: I32? |q: I32? }', []],
  ['node A { p: I32? }', 'node A { |q: I32? @rename_from("p") }', []],
  [
    'node Old { p: I32? }',
    'node |New { p: I32? }',
    [['Keep the data of `Old`: it was renamed', 'node New @rename_from("Old") { p: I32? }']],
  ],
  ['node Old { p: I32? r: I32? }', 'node |New { x: I32? y: I32? }', []],
  ['node Old {}', 'node Old {} node |New {}', []],
  [
    'node N {} edge Old: N -> N @card(0..1)',
    'node N {} edge |New: N -> N @card(0..1)',
    [['Keep the data of `Old`: it was renamed', 'node N {} edge New: N -> N @card(0..1) @rename_from("Old")']],
  ],
  ['node B {}', 'node B |@rename_from("A") {}', [['Remove spent `@rename_from`', 'node B {}']]],
  ['node A {}', 'node B |@rename_from("A") {}', []],
  [
    'node A { q: I32? }',
    'node A { q: I32? |@rename_from("p") }',
    [['Remove spent `@rename_from`', 'node A { q: I32? }']],
  ],
  [
    'node A { p: I32? }',
    'node B @rename_from("A") { |q: I32? }',
    [['Keep the data of `p`: it was renamed', 'node B @rename_from("A") { q: I32? @rename_from("p") }']],
  ],
])('of accepted %s, in %s', async (accepted, marked, expected) => {
  const offered = (await actions(accepted, marked)).filter(([title]) => !title.includes('optional'));
  expect(offered).toEqual(expected);
});

test.each<[string, string, readonly string[]]>([
  ['node A {} node B {}', 'node B {} node C @rename_from("|") {}', ['A']],
  ['node A {} node B {}', 'node B {} node C @rename_from(|) {}', ['A']],
  ['node A { p: I32 q: I32 }', 'node A { q: I32 r: I32 @rename_from("|") }', ['p']],
  ['node N {} edge A: N -> N', 'node N {} edge B: N -> N @rename_from("|")', ['A']],
  ['node A {}', 'node A {} node C @rename_from("|") {}', []],
])('of accepted %s, %s completes', async (accepted, marked, labels) => {
  const { context, document, position } = await openEvolved(accepted, marked);
  const handler = schemaCompletion(context)['textDocument/completion'];
  const params = { textDocument: { uri: document.uri }, position };
  const list = await handler?.(document, params, CancellationToken.None);
  const items: readonly CompletionItem[] =
    list === null || list === undefined ? [] : 'items' in list ? list.items : list;
  expect(items.map(({ label }) => label)).toEqual(labels);
});
