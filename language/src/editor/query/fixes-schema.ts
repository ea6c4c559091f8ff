/** Fixes that add to the schema what a query already uses. */
import type { QueryParam } from '../../query/index.js';
import { displayType } from '../../schema/index.js';
import type { SchemaDocument } from '../documents.js';
import { addMember, siteAt } from '../schema/edits.js';
import { type Change, insertion } from './changes.js';
import { cursorAt, walkedDeclaration } from './cursor.js';
import type { Fix, Trouble } from './fix.js';
import { scopeAt, typeNamed, typeOfVariable } from './scope.js';
import type { QueryToken } from './tokens.js';

/** `node Name` with the usual key. */
export function declareType({ schema, text }: Trouble): readonly Fix[] {
  if (schema === undefined || !/^[A-Z]/.test(text)) return [];
  return [fix(`Declare \`node ${text}\` in the schema`, [append(schema, `node ${text} {\n    slug: String @key\n}`)])];
}

/** Between the types that the variables beside the word have. */
export function declareEdge({ document, schema, declaration, range, text }: Trouble): readonly Fix[] {
  if (schema === undefined) return [];
  const { tokens } = walkedDeclaration(document, declaration);
  const at = tokens.findIndex(({ offset }) => offset === range.offset - declaration.offset);
  const [before, behind] = [tokens.slice(0, at), tokens.slice(at + 1)].map((side, index) =>
    index === 0 ? side.findLast(isVariable) : side.find(isVariable),
  );
  const typeOf = (token: QueryToken | undefined): string | undefined =>
    declaration.symbols?.variables.find(({ name }) => name === token?.text.slice(1))?.typeName ?? undefined;
  const from = typeOf(before);
  const to = typeOf(behind) ?? from;
  if (from === undefined || to === undefined) return [];
  const name = text.charAt(0).toUpperCase() + text.slice(1);
  return [
    fix(`Declare \`edge ${name}: ${from} -> ${to}\` in the schema`, [append(schema, `edge ${name}: ${from} -> ${to}`)]),
  ];
}

const isVariable = ({ kind }: QueryToken): boolean => kind === 'variable';

/** Nullable, so that nodes that exist already stay valid. */
export function declareProperty(trouble: Trouble): readonly Fix[] {
  const { document, schema, range, text } = trouble;
  if (schema === undefined || !/^[a-z_]/.test(text)) return [];
  const cursor = cursorAt(document, range.offset + range.length);
  const { place } = cursor.walk;
  const owner =
    place.at === 'property'
      ? typeNamed(place.type, document.catalog)
      : place.at === 'access'
        ? typeOfVariable(scopeAt(cursor, document.catalog).variables.get(place.variable), document.catalog)
        : undefined;
  const declared = owner?.range && siteAt(schema, owner.range.offset);
  if (owner === undefined || declared === undefined) return [];
  const member = `${text}: ${valueTypeAfter(trouble)}?`;
  const change = addMember(declared, member);
  if (change === undefined) return [];
  return [fix(`Add \`${member}\` to ${owner.kind} \`${owner.name}\``, [{ document: schema, ...change }])];
}

/** The type of what the property is held against; a text when nothing says. */
function valueTypeAfter({ document, declaration, range }: Trouble): string {
  const { tokens } = walkedDeclaration(document, declaration);
  const end = range.offset + range.length - declaration.offset;
  const [relation, value, next] = tokens.filter(({ offset }) => offset >= end);
  if (relation?.text !== ':' && !RELATIONS.has(relation?.text ?? '')) return 'String';
  return typeOfValue(value, next, declaration.query?.params ?? []);
}

const RELATIONS: ReadonlySet<string> = new Set(['=', '!=', '<', '<=', '>', '>=']);

function typeOfValue(
  value: QueryToken | undefined,
  next: QueryToken | undefined,
  params: readonly QueryParam[],
): string {
  switch (value?.kind) {
    case 'number':
      return value.text.includes('.') ? 'F64' : 'I64';
    case 'variable': {
      const type = params.find(({ name }) => name === value.text.slice(1))?.type;
      return type === undefined ? 'String' : displayType({ ...type, nullable: false });
    }
    case 'word':
      if (value.text === 'true' || value.text === 'false') return 'Bool';
      if (next?.text !== '(') return 'String';
      return value.text === 'date' ? 'Date' : value.text === 'datetime' || value.text === 'now' ? 'DateTime' : 'String';
    default:
      return value?.text === '[' ? '[String]' : 'String';
  }
}

function append(schema: SchemaDocument, declaration: string): Change {
  const { text } = schema;
  const gap = text.trim() === '' ? '' : text.endsWith('\n\n') ? '' : text.endsWith('\n') ? '\n' : '\n\n';
  return insertion(schema, text.length, `${gap}${declaration}\n`);
}

const fix = (title: string, changes: readonly Change[]): Fix => ({ title, changes, sure: false });
