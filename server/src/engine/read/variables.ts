/** The variables in force at a step: what each stands for, and which row space its rows live in. */
import type { MatchBlock, Variable } from 'omnigraph-language';
import type { TypeKey } from './row-source.js';

export type Scope = ReadonlyMap<string, Variable>;

export function typeKeyOf(scope: Scope, variable: string): TypeKey {
  const known = scope.get(variable);
  if (known === undefined) throw new Error(`variable $${variable} is not in scope: the plan is not a checked one`);
  return `${known.entity}:${known.typeName}`;
}

/** Variables a block introduces hide outer ones of the same name. */
export function enterBlock(outer: Scope, block: MatchBlock): Scope {
  return new Map([...outer, ...block.variables.map((variable) => [variable.name, variable] as const)]);
}
