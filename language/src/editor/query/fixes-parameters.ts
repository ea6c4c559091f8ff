/** Fixes about the parameters of a query: declare, remove, and all that an insert still needs. */
import { spanBetween } from '../../lexis/index.js';
import { displayType } from '../../schema/index.js';
import { type Change, insertion, replacement } from './changes.js';
import { walkedDeclaration } from './cursor.js';
import type { Fix, Trouble } from './fix.js';
import { typeNamed } from './scope.js';
import { parameterPlace, undeclaredParameters } from './undeclared.js';

export function declareParameter({ document, declaration, text }: Trouble): readonly Fix[] {
  const missing = undeclaredParameters(document, declaration);
  const own = missing.find(({ name }) => `$${name}` === text);
  if (own === undefined) return [];
  const one = fix(`Declare parameter \`$${own.name}: ${own.type}\``, declaring(document, declaration, [own]));
  if (missing.length === 1) return [one];
  return [one, fix('Declare all missing parameters', declaring(document, declaration, missing))];
}

function declaring(
  document: Trouble['document'],
  declaration: Trouble['declaration'],
  params: readonly { readonly name: string; readonly type: string }[],
): readonly Change[] {
  const { tokens, walk } = walkedDeclaration(document, declaration);
  const place = parameterPlace(tokens, walk);
  if (place === undefined || params.length === 0) return [];
  const list = params.map(({ name, type }) => `$${name}: ${type}`).join(', ');
  return [insertion(document, declaration.offset + place.offset, `${place.before}${list}`)];
}

/** With the comma that parts it from its neighbour. */
export function removeParameter({ document, declaration, range, text }: Trouble): readonly Fix[] {
  const params = declaration.syntax?.params ?? [];
  const spans = params.map(({ variable, type }) => spanBetween(variable.span, type.span));
  const at = params.findIndex(({ variable }) => variable.span.offset === range.offset - declaration.offset);
  const [before, own, next] = [spans[at - 1], spans[at], spans[at + 1]];
  if (own === undefined) return [];
  const start = next === undefined && before !== undefined ? before.offset + before.length : own.offset;
  const end = next === undefined ? own.offset + own.length : next.offset;
  const change = replacement(document, { offset: declaration.offset + start, length: end - start }, '');
  return [{ title: `Remove parameter \`${text}\``, changes: [change], sure: true }];
}

/** Assigns each missing property from a parameter of its name, declared where there is none. */
export function completeInsert({ document, declaration, range }: Trouble): readonly Fix[] {
  const { body, params = [] } = declaration.syntax ?? {};
  const statement =
    body?.kind === 'mutation'
      ? body.statements.find(({ type }) => type.span.offset === range.offset - declaration.offset)
      : undefined;
  const type = statement && typeNamed(statement.type.text, document.catalog);
  const last = statement?.kind === 'insert' ? statement.assignments.at(-1) : undefined;
  if (statement?.kind !== 'insert' || type === undefined || last === undefined) return [];
  const assigned = new Set(statement.assignments.map(({ property }) => property.text));
  const needed = [
    ...(type.kind === 'edge' ? ['from', 'to'].map((name) => ({ name, type: 'String' })) : []),
    ...[...type.properties.values()]
      .filter((property) => !property.type.nullable)
      .map(({ name, type: given }) => ({ name, type: displayType({ ...given, enum_values: null }) })),
  ].filter(({ name }) => !assigned.has(name));
  const declared = new Set(params.map(({ variable }) => variable.text));
  const end = declaration.offset + last.value.span.offset + last.value.span.length;
  const assignments = needed.map(({ name }) => `, ${name}: $${name}`).join('');
  const changes = [
    insertion(document, end, assignments),
    ...declaring(
      document,
      declaration,
      needed.filter(({ name }) => !declared.has(name)),
    ),
  ];
  return needed.length === 0 ? [] : [fix(`Assign ${needed.map(({ name }) => `\`${name}\``).join(', ')}`, changes)];
}

const fix = (title: string, changes: readonly Change[]): Fix => ({ title, changes, sure: false });
