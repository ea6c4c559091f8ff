/** Lint of one `.gq` file (query-language.md §10.3; text form: cli.md §9.7). A pure function of texts and catalog. */
import { type Diagnostic, headline, isError } from '../diagnostics/index.js';
import type { Catalog, NodeType } from '../schema/catalog.js';
import { type CompiledQueries, compileQueries } from './compiler.js';
import type { CheckedQuery } from './ir.js';
import { describeOperation, type OperationDescriptor } from './operation.js';

export type SchemaSource =
  | { readonly kind: 'file'; readonly path: string }
  | { readonly kind: 'graph'; readonly uri: string };

/** Keys in this order in JSON. */
export interface LintReport {
  readonly status: 'ok' | 'error';
  readonly schema_source: SchemaSource;
  readonly query_path: string;
  readonly queries_processed: number;
  readonly errors: number;
  readonly warnings: number;
  readonly infos: number;
  readonly results: readonly LintResult[];
  readonly findings: readonly LintFinding[];
}

/** Keys in this order in JSON; `warnings` only when there are some, `error` or `operation` by status. */
export interface LintResult {
  readonly name: string;
  readonly kind: 'read' | 'mutation';
  readonly status: 'ok' | 'error';
  readonly warnings?: readonly string[];
  readonly error?: string;
  readonly operation?: OperationDescriptor;
}

/** Keys in this order in JSON. */
export interface LintFinding {
  readonly severity: 'error' | 'warning' | 'info';
  readonly code: string;
  readonly message: string;
  readonly type_name?: string;
  readonly property?: string;
  readonly query_names?: readonly string[];
}

export interface LintInput {
  readonly text: string;
  /** As the user named the file. */
  readonly path: string;
  readonly catalog: Catalog;
  readonly schemaSource: SchemaSource;
}

/** `status` is `error` exactly when there are errors; then a command exits with 1. */
export function lintQueries({ text, path, catalog, schemaSource }: LintInput): LintReport {
  const { queries, diagnostics } = compileQueries(text, catalog);
  const parseError = diagnostics.find(({ stage }) => stage === 'P');
  if (parseError !== undefined) {
    return report(schemaSource, path, [], [{ severity: 'error', code: 'Q000', message: placed(parseError) }]);
  }
  const errors = diagnostics.filter((diagnostic) => diagnostic.stage === 'T' && isError(diagnostic));
  const results = queries.map((query): LintResult => {
    const { offset, length } = query.range;
    const error = errors.find(({ range }) => range && range.offset >= offset && range.offset < offset + length);
    const warnings = query.kind === 'mutation' && query.params.length === 0 ? [HARD_CODED] : [];
    const operation = describeOperation(query, catalog);
    return {
      name: query.name,
      kind: query.kind,
      status: error === undefined ? 'ok' : 'error',
      ...(warnings.length === 0 ? {} : { warnings }),
      ...(error === undefined ? {} : { error: headline(error) }),
      ...(operation === undefined ? {} : { operation }),
    };
  });
  return report(schemaSource, path, results, sortFindings(neverUpdated(queries, catalog)));
}

/** A finding carries no range, so its text says where (§2.1). */
function placed(diagnostic: Diagnostic): string {
  const start = diagnostic.range?.start;
  const place = start === undefined ? '' : ` (line ${start.line + 1}, column ${start.character + 1})`;
  return `${headline(diagnostic)}${place}`;
}

/**
 * The same findings at their places, for an editor: one diagnostic per mutation and per updated type. Like `lint`, it
 * says nothing about a text with parse errors.
 */
export function lintDiagnostics(
  { queries, diagnostics }: Pick<CompiledQueries, 'queries' | 'diagnostics'>,
  catalog: Catalog,
  uri: string,
): readonly Diagnostic[] {
  if (diagnostics.some(({ stage }) => stage === 'P')) return [];
  const at = { severity: 'warning', stage: 'L', uri } as const;
  const hardCoded = queries
    .filter(({ kind, params }) => kind === 'mutation' && params.length === 0)
    .map(({ nameRange: range }): Diagnostic => ({ ...at, code: 'hard-coded-mutation', message: HARD_CODED, range }));
  const byType = new Map<string, LintFinding[]>();
  for (const finding of neverUpdated(queries, catalog)) {
    const type = finding.type_name ?? '';
    byType.set(type, [...(byType.get(type) ?? []), finding]);
  }
  const never = [...byType].flatMap(([type, [first, ...others]]): readonly Diagnostic[] => {
    const updates = queries.filter(({ name }) => first?.query_names?.includes(name));
    const [update, ...further] = updates;
    if (first === undefined || update === undefined) return [];
    const properties = [first, ...others].map(({ property }) => `\`${property}\``).join(', ');
    const message =
      others.length === 0
        ? first.message
        : `no update query assigns these nullable properties of \`${type}\`: ${properties}`;
    const related = further.map(({ nameRange: range }) => ({ uri, range, message: `also updates \`${type}\`` }));
    return [{ ...at, code: 'L201', message, range: update.nameRange, ...(related.length > 0 && { related }) }];
  });
  return [...hardCoded, ...never];
}

const HARD_CODED = 'mutation declares no parameters: hard-coded mutations are easy to miss';

function report(
  schemaSource: SchemaSource,
  path: string,
  results: readonly LintResult[],
  findings: readonly LintFinding[],
): LintReport {
  const count = (severity: LintFinding['severity']): number =>
    findings.filter((finding) => finding.severity === severity).length;
  const errors = results.filter(({ status }) => status === 'error').length + count('error');
  return {
    status: errors > 0 ? 'error' : 'ok',
    schema_source: schemaSource,
    query_path: path,
    queries_processed: results.length,
    errors,
    warnings: results.reduce((sum, { warnings = [] }) => sum + warnings.length, 0) + count('warning'),
    infos: count('info'),
    results,
    findings,
  };
}

/** L201: nullable properties that no update of their type assigns. Only queries without errors count. */
function neverUpdated(queries: readonly CheckedQuery[], catalog: Catalog): readonly LintFinding[] {
  return [...updatesByType(queries)].flatMap(([typeName, { queryNames, assigned }]) => {
    const type = catalog.nodes.get(typeName);
    if (type === undefined) return [];
    return optionalProperties(type)
      .filter((property) => !assigned.has(property))
      .map((property): LintFinding => {
        const message = `\`${typeName}.${property}\` is nullable, but no update query assigns it`;
        const query_names = [...queryNames].sort();
        return { severity: 'warning', code: 'L201', message, type_name: typeName, property, query_names };
      });
  });
}

interface Updates {
  readonly queryNames: Set<string>;
  readonly assigned: Set<string>;
}

function updatesByType(queries: readonly CheckedQuery[]): ReadonlyMap<string, Updates> {
  const updates = new Map<string, Updates>();
  for (const { name, plan } of queries) {
    if (plan?.kind !== 'mutation') continue;
    for (const statement of plan.statements) {
      if (statement.kind !== 'update') continue;
      const known = updates.get(statement.typeName) ?? { queryNames: new Set(), assigned: new Set() };
      updates.set(statement.typeName, known);
      known.queryNames.add(name);
      for (const { property } of statement.assignments) known.assigned.add(property);
    }
  }
  return updates;
}

const optionalProperties = (type: NodeType): readonly string[] =>
  [...type.properties.values()]
    .filter(({ name, type: { nullable } }) => nullable && !type.key?.includes(name) && !type.embeds.has(name))
    .map(({ name }) => name);

const SEVERITY_ORDER = ['error', 'warning', 'info'] as const;

function sortFindings(findings: readonly LintFinding[]): readonly LintFinding[] {
  const key = ({ severity, type_name = '', property = '', message }: LintFinding): readonly string[] => [
    String(SEVERITY_ORDER.indexOf(severity)),
    type_name,
    property,
    message,
  ];
  return [...findings].sort((a, b) => compareKeys(key(a), key(b)));
}

function compareKeys(left: readonly string[], right: readonly string[]): number {
  for (const [index, part] of left.entries()) {
    const other = right[index] ?? '';
    if (part !== other) return part < other ? -1 : 1;
  }
  return 0;
}

const LABELS = { error: 'ERROR', warning: 'WARN ', info: 'INFO ' } as const;

/** The report for a terminal, each line ended by a line feed (cli.md §9.7). */
export function renderLintText({ results, findings, ...totals }: LintReport): string {
  const lines = [
    ...results.flatMap(({ name, kind, error, warnings = [] }) => [
      error === undefined ? `OK    query \`${name}\` (${kind})` : `ERROR query \`${name}\`: ${error}`,
      ...warnings.map((warning) => `WARN  query \`${name}\`: ${warning}`),
    ]),
    ...findings.map(({ severity, message }) => `${LABELS[severity]} ${message}`),
    `INFO  Lint complete: ${totals.queries_processed} queries processed ` +
      `(${totals.errors} error(s), ${totals.warnings} warning(s), ${totals.infos} info item(s))`,
  ];
  return `${lines.join('\n')}\n`;
}
