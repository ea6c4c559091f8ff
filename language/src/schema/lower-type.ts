/** The type of a property: which scalar a word names, dimensions, enum values. schema-language.md §4. */
import { nearest, type Span } from '../lexis/index.js';
import type { BaseScalar, PropType } from './catalog.js';
import type { Name, PropertyTypeDeclaration } from './declarations.js';
import type * as ast from './generated/ast.js';
import type { LocalReport } from './local-report.js';

export const BASE_SCALARS: readonly BaseScalar[] = [
  'String',
  'Blob',
  'Bool',
  'I32',
  'I64',
  'U32',
  'U64',
  'F32',
  'F64',
  'DateTime',
  'Date',
];
const TYPE_WORDS = [...BASE_SCALARS, 'Vector'];
const MAX_DIMENSION = 2_147_483_647n;
const MAX_U32 = 4_294_967_295n;

/** Types of other systems and languages that people write first. */
const FOREIGN_WORDS: ReadonlyMap<string, string> = new Map([
  ['Text', 'String'],
  ['Str', 'String'],
  ['Int', 'I64'],
  ['Integer', 'I64'],
  ['Long', 'I64'],
  ['Float', 'F64'],
  ['Double', 'F64'],
  ['Number', 'F64'],
  ['Boolean', 'Bool'],
  ['Timestamp', 'DateTime'],
  ['Datetime', 'DateTime'],
  ['Bytes', 'Blob'],
]);

/** The type that someone meant who wrote a word that is none; `undefined` when nothing is near. */
export const nearestType = (word: string): string | undefined => FOREIGN_WORDS.get(word) ?? nearest(word, TYPE_WORDS);

/** Reports what is wrong with the type; a type that is not understood comes back with `known: false`. */
export function lowerPropertyType(
  node: ast.PropertyType | undefined,
  span: Span,
  report: LocalReport,
): PropertyTypeDeclaration {
  const nullable = node?.nullable === true;
  const unknown: PropertyTypeDeclaration = { type: plain('String', nullable), span, known: false, values: [] };
  if (node === undefined) return unknown;
  if (node.enumeration) return { type: enumType(node, nullable, report), span, known: true, values: enumNames(node) };
  const word = node.word;
  if (word === undefined) return unknown;
  if (word === 'Vector' && !node.list) return vectorType(node, nullable, span, report) ?? unknown;
  const scalar = BASE_SCALARS.find((candidate) => candidate === word);
  if (scalar === undefined || node.dimension !== undefined) {
    refuseWord(word, node, span, report);
    return unknown;
  }
  if (scalar === 'Blob' && node.list) {
    report.declaration('list-of-blob', 'list of Blob is not supported', span, {
      remedy: 'store one Blob per property, or a node type that carries one Blob each',
    });
  }
  return { type: { ...plain(scalar, nullable), list: node.list === true }, span, known: true, values: [] };
}

const plain = (scalar: PropType['scalar'], nullable: boolean): PropType => ({
  scalar,
  nullable,
  list: false,
  enum_values: null,
});

function enumType(node: ast.PropertyType, nullable: boolean, report: LocalReport): PropType {
  const values = new Set<string>();
  for (const value of node.values) {
    if (typeof value.text !== 'string') continue;
    if (values.has(value.text)) {
      const cst = value.$cstNode;
      const span = { offset: cst?.offset ?? 0, length: cst?.length ?? 1 };
      const message = `enum cannot include duplicate values: '${value.text}' is repeated`;
      report.declaration('duplicate-enum-value', message, span, { remedy: 'remove the repetition' });
    }
    values.add(value.text);
  }
  return { scalar: 'String', nullable, list: false, enum_values: [...values].sort() };
}

const enumNames = (node: ast.PropertyType): readonly Name[] =>
  node.values.flatMap(({ text, $cstNode }) =>
    typeof text === 'string' && $cstNode !== undefined
      ? [{ text, span: { offset: $cstNode.offset, length: $cstNode.length } }]
      : [],
  );

function vectorType(
  node: ast.PropertyType,
  nullable: boolean,
  span: Span,
  report: LocalReport,
): PropertyTypeDeclaration | undefined {
  if (node.dimension === undefined) {
    report.syntax('vector-without-dimension', 'Vector needs a dimension', span, { remedy: 'write `Vector(768)`' });
    return undefined;
  }
  const dimension = BigInt(node.dimension);
  if (dimension === 0n) {
    report.declaration('invalid-vector-dimension', 'Vector dimension must be greater than zero', span);
    return undefined;
  }
  if (dimension > MAX_U32) {
    report.declaration('invalid-vector-dimension', `invalid Vector dimension ${node.dimension}`, span);
    return undefined;
  }
  if (dimension > MAX_DIMENSION) {
    const message = `Vector dimension ${dimension} exceeds maximum supported ${MAX_DIMENSION}`;
    report.declaration('invalid-vector-dimension', message, span);
    return undefined;
  }
  return { type: plain({ Vector: Number(dimension) }, nullable), span, known: true, values: [] };
}

function refuseWord(word: string, node: ast.PropertyType, span: Span, report: LocalReport): void {
  if (node.dimension !== undefined) {
    report.syntax('unexpected-dimension', `${word} takes no dimension`, span, { remedy: 'only Vector(n) has one' });
    return;
  }
  if (word === 'Vector') {
    report.syntax('list-of-vector', 'list of Vector is not supported: a list holds base types only', span);
    return;
  }
  const near = nearestType(word);
  report.syntax('unknown-property-type', `unknown property type '${word}'`, span, {
    remedy: near === undefined ? `the types are ${TYPE_WORDS.join(', ')} and enum(…)` : `did you mean \`${near}\`?`,
  });
}
