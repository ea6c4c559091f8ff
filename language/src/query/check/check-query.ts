/** One parsed query against a catalog: its plan and every problem (query-language.md §3). Pure and total. */
import type { Catalog, PropType } from '../../schema/catalog.js';
import type { QueryParam, ReadPlan, WritePlan } from '../ir.js';
import type { Problem } from '../problem.js';
import type { QuerySymbols } from '../symbols.js';
import type { ParamSyntax, QuerySyntax } from '../syntax.js';
import { CheckContext } from './context.js';
import { plainType } from './property-type.js';
import { checkRead } from './read.js';
import { type Dependency, TrackedCatalog } from './tracked-catalog.js';
import { checkWrite } from './write.js';

export interface QueryCheck {
  readonly params: readonly QueryParam[];
  /** Absent when `problems` holds an error. */
  readonly plan?: ReadPlan | WritePlan;
  /** Errors in the order of §3.2's precedence, then advice. */
  readonly problems: readonly Problem[];
  readonly dependencies: readonly Dependency[];
  /** Sorted names of the types it looked up. */
  readonly touched: readonly string[];
  readonly symbols: QuerySymbols;
}

export function checkQuery(syntax: QuerySyntax, catalog: Catalog): QueryCheck {
  const tracked = new TrackedCatalog(catalog);
  const context = new CheckContext(tracked);
  for (const param of syntax.params) checkParam(context, param);
  const end = syntax.span.offset + syntax.span.length;
  const plan = syntax.body.kind === 'read' ? checkRead(context, syntax.body, end) : checkWrite(context, syntax.body);
  adviseOnParams(context, syntax.params);
  return {
    params: declaredParams(syntax),
    ...(context.errorCount === 0 ? { plan } : {}),
    problems: context.problems,
    dependencies: tracked.dependencies,
    touched: tracked.touched,
    symbols: context.symbols,
  };
}

/** The parameters as declared, those of a refused type left out; of a repeated name the first. */
export function declaredParams({ params }: QuerySyntax): readonly QueryParam[] {
  const types = new Map<string, PropType>();
  for (const { variable, type } of params) {
    const resolved = paramType(type);
    if (resolved !== undefined && !types.has(variable.text)) types.set(variable.text, resolved);
  }
  return [...types].map(([name, type]) => ({ name, type }));
}

/** The name the runtime supplies `now()` under. */
const RESERVED = '__nanograph_now';
const MAX_DIMENSION = (1n << 31n) - 1n;

function checkParam(context: CheckContext, { variable, type }: ParamSyntax): void {
  const { text: name, span } = variable;
  const resolved = paramType(type);
  if (name === RESERVED) context.error('reserved-parameter', `parameter name \`$${name}\` is reserved`, span);
  if (context.params.has(name)) {
    context.error('duplicate-parameter', `parameter \`$${name}\` is declared twice`, span);
    return;
  }
  if (resolved === undefined) {
    const message = `\`Vector(${type.dimension})\` is not a parameter type: the dimension must be 1 to ${MAX_DIMENSION}`;
    context.error('vector-dimension', message, type.span);
  }
  context.params.set(name, resolved);
  context.note({ kind: 'parameter', name, declares: true, span });
}

function paramType({ name, dimension, list, nullable }: ParamSyntax['type']): PropType | undefined {
  if (dimension === null) return { ...plainType(name as Extract<PropType['scalar'], string>, list), nullable };
  if (dimension < 1n || dimension > MAX_DIMENSION) return undefined;
  return { ...plainType({ Vector: Number(dimension) }), nullable };
}

function adviseOnParams(context: CheckContext, params: readonly ParamSyntax[]): void {
  // With errors about, a use may only have been missed.
  if (context.errorCount > 0) return;
  for (const { variable } of params) {
    if (context.usedParams.has(variable.text)) continue;
    context.advise('unused-parameter', `parameter \`$${variable.text}\` is never used`, variable.span);
  }
}
