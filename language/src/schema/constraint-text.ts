/** Constraints in canonical order: the key text that sorts and names them. schema-language.md §§7, 11. */
import type { Bound, Constraint } from './catalog.js';

/** `key:a,b`, `unique:…`, `index:…`, `range:p:min..max`, `check:p:re`: equal texts are equal constraints. */
export function constraintKeyText(constraint: Constraint): string {
  if ('Key' in constraint) return `key:${constraint.Key.join(',')}`;
  if ('Unique' in constraint) return `unique:${constraint.Unique.join(',')}`;
  if ('Index' in constraint) return `index:${constraint.Index.join(',')}`;
  if ('Range' in constraint) {
    const { property, min, max } = constraint.Range;
    return `range:${property}:${boundText(min)}..${boundText(max)}`;
  }
  if ('Check' in constraint) return `check:${constraint.Check.property}:${constraint.Check.pattern}`;
  return constraint satisfies never;
}

/** Sorted by key text, repetitions folded. */
export function canonicalConstraints(constraints: readonly Constraint[]): readonly Constraint[] {
  const byText = new Map(constraints.map((constraint) => [constraintKeyText(constraint), constraint]));
  return [...byText].sort(([left], [right]) => (left < right ? -1 : 1)).map(([, constraint]) => constraint);
}

/** As one writes it in a schema: `@index(a, b)`, `@range(n, 0..9.5)`, `@check(c, "^a")`. */
export function displayConstraint(constraint: Constraint): string {
  if ('Key' in constraint) return `@key(${constraint.Key.join(', ')})`;
  if ('Unique' in constraint) return `@unique(${constraint.Unique.join(', ')})`;
  if ('Index' in constraint) return `@index(${constraint.Index.join(', ')})`;
  if ('Range' in constraint) {
    const { property, min, max } = constraint.Range;
    return `@range(${property}, ${boundText(min)}..${boundText(max)})`;
  }
  if ('Check' in constraint) return `@check(${constraint.Check.property}, ${JSON.stringify(constraint.Check.pattern)})`;
  return constraint satisfies never;
}

/** An integer as digits; a float always with a dot, so that the two kinds never share a text. */
function boundText(bound: Bound | null): string {
  if (bound === null) return '';
  if ('Integer' in bound) return String(bound.Integer);
  const text = String(bound.Float);
  return Number.isInteger(bound.Float) && !text.includes('e') ? `${text}.0` : text;
}
