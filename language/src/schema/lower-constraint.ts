/** The shape of a body constraint's arguments: names, bounds, a pattern. schema-language.md §7. */
import type { Bound } from './catalog.js';
import type { ConstraintDeclaration } from './declarations.js';
import type { LocalReport } from './local-report.js';
import { compilePattern } from './pattern.js';

/** Reports arguments of the wrong shape. What they name is judged later, against the whole type. */
export function checkConstraintArguments(constraint: ConstraintDeclaration, report: LocalReport): void {
  switch (constraint.kind) {
    case 'key':
    case 'unique':
    case 'index':
      for (const argument of constraint.arguments) {
        if (argument.kind !== 'name') expectedName(constraint, argument.span, report);
      }
      return;
    case 'range':
      checkRange(constraint, report);
      return;
    case 'check':
      checkPattern(constraint, report);
      return;
    default:
      constraint.kind satisfies never;
  }
}

function checkRange(constraint: ConstraintDeclaration, report: LocalReport): void {
  const [property, bounds] = constraint.arguments;
  const remedy = { remedy: 'write `@range(property, min..max)`; either bound may be left out' };
  if (property !== undefined && property.kind !== 'name') expectedName(constraint, property.span, report);
  else if (bounds === undefined) {
    report.declaration('missing-range-bounds', '@range requires property name and bounds', constraint.span, remedy);
  } else if (bounds.kind !== 'bounds') {
    report.declaration('expected-range-bounds', 'expected range bounds (min..max)', bounds.span, remedy);
  } else {
    for (const text of [bounds.min, bounds.max]) {
      if (text === null || Number.isFinite(Number(text))) continue;
      report.declaration('invalid-range-bound', 'range bound is beyond every number', bounds.span);
    }
  }
}

function checkPattern(constraint: ConstraintDeclaration, report: LocalReport): void {
  const [property, pattern] = constraint.arguments;
  const remedy = { remedy: 'write `@check(property, "pattern")`' };
  if (property !== undefined && property.kind !== 'name') expectedName(constraint, property.span, report);
  else if (pattern === undefined) {
    report.declaration('missing-check-pattern', '@check requires property name and pattern', constraint.span, remedy);
  } else if (pattern.kind !== 'string') {
    report.declaration('expected-string', 'expected string argument in @check', pattern.span, remedy);
  } else {
    const compiled = compilePattern(pattern.text);
    if (!('problem' in compiled)) return;
    // A divergence (§7): upstream accepts it, and then refuses every write to the type.
    const message = `invalid regex '${pattern.text}' in @check: ${compiled.problem}`;
    report.declaration('invalid-pattern', message, pattern.span, {
      remedy: 'patterns are RE2: no look-around, no back-references',
    });
  }
}

function expectedName(
  constraint: ConstraintDeclaration,
  span: ConstraintDeclaration['span'],
  report: LocalReport,
): void {
  report.declaration('expected-property-name', `expected property name in constraint @${constraint.kind}`, span, {
    remedy: 'name a property of this type, without quotes',
  });
}

const MIN_I64 = -(2n ** 63n);
const MAX_I64 = 2n ** 63n - 1n;

/** §7: text that fits a signed 64-bit integer is an integer bound, everything else a float. */
export function boundOf(text: string): Bound {
  if (!text.includes('.')) {
    const integer = BigInt(text);
    if (integer >= MIN_I64 && integer <= MAX_I64) return { Integer: integer };
  }
  return { Float: Number(text) };
}
