/**
 * Syntax tree → plain declaration. Reads trees with holes (a parse with errors leaves features unset), decodes
 * strings, and judges types, reserved names, escapes, cardinality and constraint arguments (S1 b of
 * schema-language.md §1).
 */
import { type AstNode, type CstNode, GrammarUtils } from 'langium';
import { decodeString, type Span } from '../lexis/index.js';
import type {
  AnnotationDeclaration,
  ArgumentDeclaration,
  CardinalityDeclaration,
  ConstraintArgumentDeclaration,
  ConstraintDeclaration,
  ConstraintKind,
  Declaration,
  LocalProblem,
  Name,
  PropertyDeclaration,
} from './declarations.js';
import type * as ast from './generated/ast.js';
import { type LocalReport, localReport } from './local-report.js';
import { checkConstraintArguments } from './lower-constraint.js';
import { lowerPropertyType } from './lower-type.js';

const RESERVED_COLUMNS = new Set([
  '_rowid',
  '_rowaddr',
  '_rowoffset',
  '_row_created_at_version',
  '_row_last_updated_at_version',
]);
const MAX_U32 = 4_294_967_295n;
const CONSTRAINT_KINDS: readonly ConstraintKind[] = ['key', 'unique', 'index', 'range', 'check'];

interface LoweredDeclaration {
  readonly declaration: Declaration | null;
  readonly problems: readonly LocalProblem[];
}

/** Lowers one declaration. `declaration` is null when its name is missing: nothing can refer to it then. */
export function lowerDeclaration(node: ast.Declaration, text: string): LoweredDeclaration {
  const report = localReport();
  const name = nameOf(node, 'name', node.name);
  if (name === null) return { declaration: null, problems: report.problems };
  return { declaration: lower(node, name, { report, text }), problems: report.problems };
}

interface Context {
  readonly report: LocalReport;
  readonly text: string;
}

function lower(node: ast.Declaration, name: Name, context: Context): Declaration {
  switch (node.$type) {
    case 'Interface':
      return {
        kind: 'interface',
        name,
        complete: true,
        properties: lowerProperties(node.members, 'interface', context),
      };
    case 'Node':
      return {
        kind: 'node',
        name,
        complete: true,
        annotations: lowerAnnotations(node.annotations, context),
        implements: node.interfaces.flatMap((reference) => nameOf(reference, 'name', reference.name) ?? []),
        ...lowerMembers(node.members, 'node', context),
      };
    case 'Edge':
      return {
        kind: 'edge',
        name,
        complete: true,
        from: referenceName(node.from),
        to: referenceName(node.to),
        cardinality: lowerCardinality(node.cardinality, context),
        annotations: lowerAnnotations(node.annotations, context),
        ...lowerMembers(node.members, 'edge', context),
      };
    default:
      return node satisfies never;
  }
}

function lowerMembers(
  members: readonly ast.Member[],
  owner: Declaration['kind'],
  context: Context,
): { readonly properties: readonly PropertyDeclaration[]; readonly constraints: readonly ConstraintDeclaration[] } {
  const properties: PropertyDeclaration[] = [];
  const constraints: ConstraintDeclaration[] = [];
  // One pass in written order, so that the first problem reported is the first one in the text.
  for (const member of members) {
    if (member.$type === 'Property') properties.push(...lowerProperties([member], owner, context));
    else constraints.push(...lowerConstraint(member, context));
  }
  return { properties, constraints };
}

function lowerProperties(
  members: readonly ast.Property[],
  owner: Declaration['kind'],
  context: Context,
): readonly PropertyDeclaration[] {
  return members.flatMap((member) => {
    const name = nameOf(member, 'name', member.name);
    if (name === null) return [];
    refuseReservedName(name, owner, context.report);
    const type = lowerPropertyType(member.type, spanOf(member.type?.$cstNode) ?? name.span, context.report);
    const annotations = lowerAnnotations(member.annotations, context);
    return [{ name, type, annotations, span: spanOf(member.$cstNode) ?? name.span }];
  });
}

function refuseReservedName(name: Name, owner: Declaration['kind'], report: LocalReport): void {
  if (RESERVED_COLUMNS.has(name.text)) {
    report.declaration(
      'reserved-property',
      `property name '${name.text}' is reserved for a virtual storage system column`,
      name.span,
      {
        remedy: 'choose another name; to rebuild an older graph, export it, rename the property and load it again',
      },
    );
  } else if (name.text === 'id') {
    report.declaration(
      'reserved-property',
      `property name 'id' is reserved: every stored type has its own \`id\``,
      name.span,
      {
        remedy: 'choose another name, or use `@key` to derive the id from a property',
      },
    );
  } else if (owner === 'edge' && (name.text === 'src' || name.text === 'dst')) {
    report.declaration(
      'reserved-property',
      `property name '${name.text}' is reserved: every edge stores its endpoints as \`src\` and \`dst\``,
      name.span,
      {
        remedy: 'choose another name',
      },
    );
  }
}

function lowerAnnotations(nodes: readonly ast.Annotation[], context: Context): readonly AnnotationDeclaration[] {
  return nodes.flatMap((node) => {
    const span = spanOf(node.$cstNode);
    if (span === undefined || typeof node.name !== 'string') return [];
    const value = node.value === undefined ? null : lowerArgument(node.value, context);
    const keywords = node.keywords.flatMap((keyword) => {
      const name = nameOf(keyword, 'name', keyword.name);
      const argument = keyword.value === undefined ? null : lowerArgument(keyword.value, context);
      return name === null || argument === null ? [] : [{ name, value: argument }];
    });
    return [{ name: node.name, span, value, keywords }];
  });
}

function lowerArgument(node: ast.Literal | ast.NameArgument, context: Context): ArgumentDeclaration | null {
  const span = spanOf(node.$cstNode);
  if (span === undefined) return null;
  if (node.$type === 'NameArgument')
    return typeof node.name === 'string' ? { kind: 'name', text: node.name, span } : null;
  if (node.text !== undefined) return { kind: 'string', text: literalText(node.text, span, context.report), span };
  if (node.number !== undefined) return { kind: 'number', text: node.number, span };
  return node.boolean === undefined ? null : { kind: 'boolean', text: node.boolean, span };
}

/** An unsupported escape is reported at its two characters and kept as written (§2). */
const literalText = (source: string, { offset }: Span, report: LocalReport): string =>
  decodeString(source, offset, (written, at) =>
    report.declaration('unsupported-escape', `unsupported escape sequence: ${written}`, at, {
      remedy: `only \\" \\\\ \\n \\r \\t are escapes; write a backslash as \`\\\\\`: \`\\\\${written.slice(1)}\``,
    }),
  );

function lowerConstraint(node: ast.BodyConstraint, context: Context): readonly ConstraintDeclaration[] {
  const span = spanOf(node.$cstNode);
  const kind = CONSTRAINT_KINDS.find((candidate) => node.head?.endsWith(candidate));
  if (span === undefined || kind === undefined) return [];
  const lowered = node.arguments.flatMap((argument) => lowerConstraintArgument(argument, context) ?? []);
  const constraint: ConstraintDeclaration = { kind, span, arguments: lowered };
  checkConstraintArguments(constraint, context.report);
  return [constraint];
}

function lowerConstraintArgument(node: ast.ConstraintArgument, context: Context): ConstraintArgumentDeclaration | null {
  if (node.$type !== 'RangeBound') return lowerArgument(node, context);
  const span = spanOf(node.$cstNode);
  return span === undefined ? null : { kind: 'bounds', min: node.min ?? null, max: node.max ?? null, span };
}

function lowerCardinality(node: ast.CardinalityClause | undefined, { report }: Context): CardinalityDeclaration | null {
  const span = spanOf(node?.$cstNode);
  if (node === undefined || span === undefined || node.min === undefined) return null;
  const min = BigInt(node.min);
  const max = node.max === undefined ? null : BigInt(node.max);
  const fits = 'bounds are whole numbers up to 4294967295';
  if (min > MAX_U32) {
    report.declaration('invalid-cardinality', `invalid minimum cardinality ${node.min}`, span, { remedy: fits });
    return null;
  }
  if (max !== null && max > MAX_U32) {
    report.declaration('invalid-cardinality', `invalid maximum cardinality ${node.max}`, span, { remedy: fits });
    return null;
  }
  if (max !== null && min > max) {
    const message = `the minimum cardinality ${min} exceeds the maximum ${max}`;
    report.declaration('invalid-cardinality', message, span, { remedy: 'write the smaller bound first' });
    return null;
  }
  return { min: Number(min), max: max === null ? null : Number(max), span };
}

function referenceName(node: ast.TypeReference | undefined): Name | null {
  return node === undefined ? null : nameOf(node, 'name', node.name);
}

function nameOf(node: AstNode, feature: string, text: string | undefined): Name | null {
  if (typeof text !== 'string') return null;
  const span = spanOf(GrammarUtils.findNodeForProperty(node.$cstNode, feature)) ?? spanOf(node.$cstNode);
  return span === undefined ? null : { text, span };
}

function spanOf(node: CstNode | undefined): Span | undefined {
  return node === undefined ? undefined : { offset: node.offset, length: node.length };
}
