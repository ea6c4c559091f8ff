/**
 * Where the declarations of a schema and of queries mention names of the schema. Computed once per declaration, since
 * declarations keep their identity while their text stays: an edit costs the declaration it is in.
 */
import type { Span, Word } from '../../lexis/index.js';
import type { CompiledQueryDeclaration, LiteralSyntax, QuerySymbols, QuerySyntax } from '../../query/index.js';
import type { AnnotationDeclaration, PropertyDeclaration, SchemaDeclaration, SchemaName } from '../../schema/index.js';
import type { SchemaSymbol } from './symbol.js';
import { propertyKey, typeKey, valueKey } from './symbol.js';

/** A symbol whose schema is known from where it is mentioned. */
type NamedSymbol = SchemaSymbol extends infer S ? (S extends SchemaSymbol ? Omit<S, 'schema'> : never) : never;

export interface Mention {
  readonly symbol: NamedSymbol;
  readonly key: string;
  /** Relative to the declaration; of the word alone, without quotes. */
  readonly span: Span;
  readonly declares: boolean;
  /** Between parentheses, where `true` and `false` are literals and no names (schema-language.md §2). */
  readonly argument: boolean;
}

export interface Mentions {
  /** In order of place. */
  readonly all: readonly Mention[];
  readonly byKey: ReadonlyMap<string, readonly Mention[]>;
}

const inSchemas = new WeakMap<SchemaDeclaration, Mentions>();
const inQueries = new WeakMap<QuerySymbols, Mentions>();

export function mentionsInSchema(declaration: SchemaDeclaration): Mentions {
  const known = inSchemas.get(declaration);
  if (known !== undefined) return known;
  const made = indexed(schemaMentions(declaration));
  inSchemas.set(declaration, made);
  return made;
}

export function mentionsInQuery({ syntax, symbols }: CompiledQueryDeclaration): Mentions {
  if (symbols === undefined) return NO_MENTIONS;
  const known = inQueries.get(symbols);
  if (known !== undefined) return known;
  const made = indexed(queryMentions(symbols, syntax));
  inQueries.set(symbols, made);
  return made;
}

/** The mention a cursor is in or at either end of. */
export const mentionAt = ({ all }: Mentions, offset: number): Mention | undefined =>
  all.find(({ span }) => offset >= span.offset && offset <= span.offset + span.length);

const NO_MENTIONS: Mentions = { all: [], byKey: new Map() };

function indexed(mentions: readonly Mention[]): Mentions {
  const all = [...mentions].sort((left, right) => left.span.offset - right.span.offset);
  const byKey = new Map<string, Mention[]>();
  for (const mention of all) {
    const list = byKey.get(mention.key);
    if (list === undefined) byKey.set(mention.key, [mention]);
    else list.push(mention);
  }
  return { all, byKey };
}

// In a schema

function schemaMentions(declaration: SchemaDeclaration): readonly Mention[] {
  const { kind, name, properties } = declaration;
  const own = typeMention({ entity: kind, name: name.text }, name.span, true);
  const inside = properties.flatMap((property) => propertyMentions(declaration, property));
  switch (kind) {
    case 'interface':
      return [own, ...inside];
    case 'node':
      return [
        own,
        ...declaration.implements.map(({ text, span }) =>
          typeMention({ entity: 'interface', name: text }, span, false),
        ),
        ...inside,
        ...constraintMentions(declaration),
      ];
    case 'edge':
      return [
        own,
        ...[declaration.from, declaration.to].flatMap((end) =>
          end === null ? [] : [typeMention({ entity: 'node', name: end.text }, end.span, false)],
        ),
        ...inside,
        ...constraintMentions(declaration),
      ];
    default:
      return declaration satisfies never;
  }
}

function typeMention(
  type: { entity: SchemaDeclaration['kind']; name: string },
  span: Span,
  declares: boolean,
): Mention {
  return { symbol: { kind: 'type', ...type }, key: typeKey(type), span, declares, argument: false };
}

function propertyMentions(owner: SchemaDeclaration, property: PropertyDeclaration): readonly Mention[] {
  const named = { entity: owner.kind, typeName: owner.name.text, name: property.name.text };
  const values = property.type.values.map(
    ({ text, span }): Mention => ({
      symbol: { kind: 'enum-value', ...named, value: text },
      key: valueKey(named, text),
      span,
      declares: true,
      argument: false,
    }),
  );
  const sources = property.annotations.flatMap((annotation) => embedSource(owner, annotation));
  return [propertyMention(owner, property.name, true), ...values, ...sources];
}

function propertyMention(owner: SchemaDeclaration, { text, span }: SchemaName, declares: boolean): Mention {
  const property = { entity: owner.kind, typeName: owner.name.text, name: text };
  return { symbol: { kind: 'property', ...property }, key: propertyKey(property), span, declares, argument: !declares };
}

function embedSource(owner: SchemaDeclaration, { name, value }: AnnotationDeclaration): readonly Mention[] {
  if (name !== 'embed' || value === null || (value.kind !== 'name' && value.kind !== 'string')) return [];
  const quoted = value.kind === 'string';
  const span = quoted ? { offset: value.span.offset + 1, length: value.span.length - 2 } : value.span;
  // Escapes in a source name: written and meant text differ, so there is no word to point at.
  if (span.length !== value.text.length) return [];
  return [{ ...propertyMention(owner, { text: value.text, span }, false), argument: !quoted }];
}

function constraintMentions(owner: Exclude<SchemaDeclaration, { readonly kind: 'interface' }>): readonly Mention[] {
  return owner.constraints.flatMap(({ kind, arguments: given }) => {
    const columns = kind === 'range' || kind === 'check' ? given.slice(0, 1) : given;
    return columns.flatMap((column) => {
      if (column.kind !== 'name') return [];
      const endpoint = owner.kind === 'edge' && (column.text === 'src' || column.text === 'dst');
      return endpoint ? [] : [propertyMention(owner, column, false)];
    });
  });
}

// In a query

function queryMentions(symbols: QuerySymbols, syntax: QuerySyntax | undefined): readonly Mention[] {
  const names = symbols.occurrences.flatMap((occurrence): readonly Mention[] => {
    const { span } = occurrence;
    switch (occurrence.kind) {
      case 'type':
        return [typeMention({ entity: occurrence.entity, name: occurrence.name }, span, false)];
      case 'property': {
        const { entity, typeName, name } = occurrence;
        const property = { entity, typeName, name };
        const symbol = { kind: 'property', ...property } as const;
        return [{ symbol, key: propertyKey(property), span, declares: false, argument: false }];
      }
      case 'variable':
      case 'parameter':
      case 'alias':
      case 'endpoint':
        return [];
      default:
        return occurrence satisfies never;
    }
  });
  return syntax === undefined ? names : [...names, ...enumValueMentions(names, syntax)];
}

/** Strings that stand against a property: a value of its enum, where it is one. */
function enumValueMentions(names: readonly Mention[], syntax: QuerySyntax): readonly Mention[] {
  const byOffset = new Map(names.map((mention) => [mention.span.offset, mention]));
  return comparisons(syntax).flatMap(([property, literal]) => {
    const symbol = byOffset.get(property.span.offset)?.symbol;
    if (symbol?.kind !== 'property' || literal.kind !== 'string') return [];
    const { entity, typeName, name } = symbol;
    const { value } = literal;
    const span = { offset: literal.span.offset + 1, length: literal.span.length - 2 };
    if (span.length !== value.length) return [];
    const key = valueKey(symbol, value);
    return [
      { symbol: { kind: 'enum-value', entity, typeName, name, value }, key, span, declares: false, argument: false },
    ];
  });
}

type Comparison = readonly [property: Word, literal: LiteralSyntax];

function comparisons({ body }: QuerySyntax): readonly Comparison[] {
  if (body.kind === 'read') return body.clauses.flatMap(inClause);
  return body.statements.flatMap((statement) => {
    const assigned = statement.kind === 'delete' ? [] : statement.assignments;
    const compared = statement.kind === 'insert' ? [] : [statement.predicate];
    return [...assigned, ...compared].flatMap(({ property, value }) => pair(property, value));
  });
}

type Clause = Extract<QuerySyntax['body'], { readonly kind: 'read' }>['clauses'][number];
type Operand = Extract<Clause, { readonly kind: 'filter' }>['left'];

function inClause(clause: Clause): readonly Comparison[] {
  switch (clause.kind) {
    case 'negation':
      return clause.clauses.flatMap(inClause);
    case 'binding':
      return clause.matches.flatMap(({ property, value }) => pair(property, value));
    case 'filter':
      return [...against(clause.left, clause.right), ...against(clause.right, clause.left)];
    case 'traversal':
    case 'text-search':
      return [];
    default:
      return clause satisfies never;
  }
}

const against = (left: Operand, right: Operand): readonly Comparison[] =>
  left.kind === 'property' ? pair(left.property, right) : [];

function pair(property: Word, value: Operand): readonly Comparison[] {
  switch (value.kind) {
    case 'string':
      return [[property, value]];
    case 'list':
      return value.items.flatMap((item) => pair(property, item));
    default:
      return [];
  }
}
