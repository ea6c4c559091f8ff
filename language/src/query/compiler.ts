/**
 * A whole `.gq` text: cut, parse, check, and put every result at its place in the document (query-language.md §§2–3).
 * A compiler instance keeps the results of its last text: a declaration is parsed again only when its own text
 * changed, and checked again only when a type it looked up changed. Incremental and cold results are equal.
 */
import { type Diagnostic, LineIndex } from '../diagnostics/index.js';
import { toRange } from '../lexis/index.js';
import type { Catalog } from '../schema/catalog.js';
import { checkQuery, declaredParams, type QueryCheck } from './check/check-query.js';
import { stillHold } from './check/tracked-catalog.js';
import type { CheckedQuery } from './ir.js';
import { type ParsedDeclaration, parseDeclaration } from './parse-declaration.js';
import { toDiagnostic } from './problem.js';
import { type Piece, splitDeclarations } from './split.js';
import type { QuerySymbols } from './symbols.js';
import type { AnnotationSyntax, QuerySyntax } from './syntax.js';

export interface QueryCompileOptions {
  /** Put on every diagnostic. */
  readonly uri?: string;
}

export interface CompiledQueries {
  /** In file order, those with errors included; none has a `plan` when the file has a parse error (§2.1). */
  readonly queries: readonly CheckedQuery[];
  /** Parse errors, then per query type errors (first by §3.2's precedence first), then advice, in file order. */
  readonly diagnostics: readonly Diagnostic[];
  /** Every declaration of the text, in file order, as far as it could be read. */
  readonly declarations: readonly CompiledDeclaration[];
}

/** One declaration for an editor: the plain syntax and what its names mean, in places relative to `offset`. */
export interface CompiledDeclaration {
  readonly offset: number;
  readonly length: number;
  /** Partial when the declaration does not parse; missing when nothing was recognised. */
  readonly syntax: QuerySyntax | undefined;
  readonly symbols: QuerySymbols | undefined;
  /** Its element of `queries`. */
  readonly query: CheckedQuery | undefined;
}

export interface QueryCompiler {
  compile(text: string, catalog: Catalog, options?: QueryCompileOptions): CompiledQueries;
  /** Whether compiling the last text against this catalog would give what the last `compile` gave. */
  holds(catalog: Catalog): boolean;
  /** What the last `compile` did, in declarations. `reused`: neither parsed nor checked. */
  readonly stats: QueryCompileStats;
}

export interface QueryCompileStats {
  readonly parsed: number;
  readonly checked: number;
  readonly reused: number;
}

/** Compiles one text once. Never throws on any text. */
export function compileQueries(text: string, catalog: Catalog, options?: QueryCompileOptions): CompiledQueries {
  return createQueryCompiler().compile(text, catalog, options);
}

export function createQueryCompiler(): QueryCompiler {
  let cache: ReadonlyMap<string, Entry> = new Map();
  let stats: QueryCompileStats = { parsed: 0, checked: 0, reused: 0 };
  return {
    get stats() {
      return stats;
    },
    holds: (catalog) =>
      [...cache.values()].every(
        ({ parsed, check }) =>
          parsed.syntax === undefined || (check !== undefined && stillHold(check.dependencies, catalog)),
      ),
    compile(text, catalog, options = {}) {
      const next = new Map<string, Entry>();
      const count = { parsed: 0, checked: 0, reused: 0 };
      const placed = splitDeclarations(text).map((piece): Placed => {
        const known = next.get(piece.text) ?? cache.get(piece.text);
        const entry = renew(piece, known, catalog, count);
        next.set(piece.text, entry);
        return { piece, entry };
      });
      cache = next;
      stats = count;
      return assemble(text, placed, options);
    },
  };
}

/** A query declaration as far as it could be read, without a catalog. */
export type QueryDeclaration = Pick<
  CheckedQuery,
  'name' | 'kind' | 'params' | 'description' | 'instruction' | 'range' | 'nameRange'
>;

export interface ParsedQueries {
  readonly queries: readonly QueryDeclaration[];
  /** Parse errors only. */
  readonly diagnostics: readonly Diagnostic[];
}

/** The declarations of a text without checking them. Never throws on any text. */
export function parseQueries(text: string, options: QueryCompileOptions = {}): ParsedQueries {
  const placed = splitDeclarations(text).map(
    (piece): Placed => ({ piece, entry: { parsed: parseDeclaration(piece) } }),
  );
  const { queries, diagnostics } = assemble(text, placed, options);
  return {
    // Equal names parse (§2.1): whoever registers or edits queries refuses them.
    diagnostics: diagnostics.filter(({ stage }) => stage === 'P'),
    queries: queries.map(({ name, kind, params, description, instruction, range, nameRange }) => ({
      name,
      kind,
      params,
      description,
      instruction,
      range,
      nameRange,
    })),
  };
}

/**
 * What is known of one declaration's text. A partial model is checked too, for what its names mean; what is reported
 * of it are its parse errors only.
 */
interface Entry {
  readonly parsed: ParsedDeclaration;
  readonly check?: QueryCheck;
}

interface Placed {
  readonly piece: Piece;
  readonly entry: Entry;
}

function renew(
  piece: Piece,
  known: Entry | undefined,
  catalog: Catalog,
  count: { parsed: number; checked: number; reused: number },
): Entry {
  if (known === undefined) count.parsed += 1;
  const parsed = known?.parsed ?? parseDeclaration(piece);
  if (parsed.syntax === undefined) {
    if (known !== undefined) count.reused += 1;
    return known ?? { parsed };
  }
  if (known?.check !== undefined && stillHold(known.check.dependencies, catalog)) {
    count.reused += 1;
    return known;
  }
  count.checked += 1;
  return { parsed, check: checkQuery(parsed.syntax, catalog) };
}

function assemble(text: string, placed: readonly Placed[], { uri }: QueryCompileOptions): CompiledQueries {
  const lines = new LineIndex(text);
  const unparsed = placed.some(({ entry }) => entry.parsed.problems.length > 0);
  const declarations = placed.map(({ piece, entry }): CompiledDeclaration => {
    const { syntax } = entry.parsed;
    const query = place(piece, entry, lines, unparsed);
    return { offset: piece.offset, length: piece.text.length, syntax, symbols: entry.check?.symbols, query };
  });
  const queries = declarations.flatMap(({ query }) => query ?? []);
  const diagnostics = [
    ...placed.flatMap(({ piece, entry }) => diagnose(piece, entry.parsed.problems)),
    ...placed.flatMap(({ piece, entry }) => diagnose(piece, checkProblems(entry))),
    ...duplicateNames(queries, uri),
  ];
  return { queries, diagnostics, declarations };

  function diagnose(piece: Piece, problems: QueryCheck['problems']): readonly Diagnostic[] {
    return problems.map((problem) => toDiagnostic(problem, piece.offset, lines, uri));
  }
}

const checkProblems = ({ parsed, check }: Entry): QueryCheck['problems'] =>
  parsed.problems.length > 0 ? [] : (check?.problems ?? []);

function place(
  { offset }: Piece,
  { parsed: { syntax }, check }: Entry,
  lines: LineIndex,
  unparsed: boolean,
): CheckedQuery | undefined {
  if (syntax === undefined) return undefined;
  const plan = unparsed ? undefined : check?.plan;
  return {
    name: syntax.name.text,
    kind: syntax.body.kind,
    params: check?.params ?? declaredParams(syntax),
    description: annotation(syntax, '@description'),
    instruction: annotation(syntax, '@instruction'),
    ...(plan === undefined ? {} : { plan }),
    touched: check?.touched ?? [],
    range: toRange(syntax.span, offset, lines),
    nameRange: toRange(syntax.name.span, offset, lines),
  };
}

const annotation = ({ annotations }: QuerySyntax, name: AnnotationSyntax['name']): string | null =>
  annotations.find((one) => one.name === name)?.value ?? null;

/** A single file with equal names parses (§2.1), but no registration takes it. */
function duplicateNames(queries: readonly CheckedQuery[], uri: string | undefined): readonly Diagnostic[] {
  const firsts = new Map<string, CheckedQuery>();
  return queries.flatMap((query): readonly Diagnostic[] => {
    const first = firsts.get(query.name);
    if (first === undefined) {
      firsts.set(query.name, query);
      return [];
    }
    return [
      {
        code: 'duplicate-query-name',
        severity: 'error',
        message: `query \`${query.name}\` is declared more than once`,
        stage: 'L',
        ...(uri === undefined ? {} : { uri }),
        range: query.nameRange,
        remedy: 'give each query its own name',
        related: [{ range: first.nameRange, message: 'first declared here' }],
      },
    ];
  });
}

/** Sorted names of the types a query looked up, those that do not exist included: edit one, and re-check the query. */
export const touchedTypes = (query: CheckedQuery): readonly string[] => query.touched;
