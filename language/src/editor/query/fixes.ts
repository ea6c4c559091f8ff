/** What to do about each diagnostic of a query, worked out from where it stands and what the compiler knows there. */
import type { Diagnostic } from '../../diagnostics/index.js';
import { nearest } from '../../lexis/index.js';
import type { CompiledQueryDeclaration } from '../../query/index.js';
import { nearestType } from '../../schema/index.js';
import { declarationAt } from '../declarations.js';
import type { QueryDocument, SchemaDocument } from '../documents.js';
import { indentationAt, insertion, replacement } from './changes.js';
import { choicesAt } from './choices.js';
import { cursorAt, walkedDeclaration } from './cursor.js';
import { returnItems } from './expression-type.js';
import type { Fix, Fixer, Trouble } from './fix.js';
import { completeInsert, declareParameter, removeParameter } from './fixes-parameters.js';
import { declareEdge, declareProperty, declareType } from './fixes-schema.js';
import { scopeAt } from './scope.js';
import { endOf } from './tokens.js';

export function fixesOf(
  { code, range }: Diagnostic,
  document: QueryDocument,
  schema: SchemaDocument | undefined,
): readonly Fix[] {
  const declaration = range && declarationAt(document, range.offset);
  if (range === undefined || declaration === undefined) return [];
  const text = document.text.slice(range.offset, range.offset + range.length);
  const trouble = { document, schema, declaration, range, text };
  return (FIXERS.get(code) ?? []).flatMap((fixer) => fixer(trouble)).filter(({ changes }) => changes.length > 0);
}

const FIXERS: ReadonlyMap<string, readonly Fixer[]> = new Map<string, readonly Fixer[]>([
  ['parse-error', [nearMiss]],
  ['unknown-annotation', [nearMiss]],
  ['unknown-parameter-type', [parameterType]],
  ['T1', [nearMiss, declareType]],
  ['T2', [nearMiss, declareProperty]],
  ['T3', [nearValue]],
  ['T4', [nearMiss, declareEdge]],
  ['T6', [nearMiss, declareProperty]],
  ['T10', [nearMiss, declareType]],
  ['T11', [nearMiss, declareProperty]],
  ['T12', [completeInsert]],
  ['T14', [nearMiss, declareParameter]],
  ['T15', [nearMiss]],
  ['T17', [addLimit]],
  ['T21', [addLimit]],
  ['unbound-variable', [nearMiss, declareParameter]],
  ['unused-parameter', [removeParameter]],
  ['unknown-alias', [nearMiss]],
  ['unaliased-aggregate', [addAlias]],
  ['duplicate-column', [addAlias]],
]);

/** Of everything that completion would offer there, what is nearest to the word. */
function nearMiss({ document, range, text }: Trouble): readonly Fix[] {
  // A bracket that is not expected stands behind the name of a function that does not exist.
  const isCall = text === '(';
  const cursor = cursorAt(document, isCall ? range.offset : range.offset + range.length);
  const { word } = cursor;
  const isWord = isCall ? word.text !== '' : word.offset === range.offset && word.end === range.offset + range.length;
  if (!isWord) return [];
  const scope = scopeAt(cursor, document.catalog);
  const labels = choicesAt({ document, cursor, scope }).map(({ label }) => label);
  const near = nearest(
    word.text,
    labels.filter((label) => label !== word.text),
  );
  return instead(document, { offset: word.offset, length: word.end - word.offset }, near);
}

/** A value that the enum does not have. */
function nearValue({ document, range, text }: Trouble): readonly Fix[] {
  if (!text.startsWith('"') || text.length < 2) return [];
  const cursor = cursorAt(document, range.offset + range.length - 1);
  const scope = scopeAt(cursor, document.catalog);
  const values = choicesAt({ document, cursor, scope }).map(({ label }) => label);
  const near = nearest(text.slice(1, -1), values);
  if (near !== undefined) return instead(document, range, `"${near}"`);
  return values.slice(0, MOST_OFFERED).map((value) => ({
    title: `Change to "${value}"`,
    changes: [replacement(document, range, `"${value}"`)],
    sure: false,
  }));
}

const MOST_OFFERED = 5;

/** `Int`, `string` and the like are known from other languages. */
function parameterType({ document, range, text }: Trouble): readonly Fix[] {
  const at = text.search(/[A-Za-z]/);
  const word = /[A-Za-z0-9_]+/.exec(text)?.[0];
  if (word === undefined) return [];
  const near = nearestType(word);
  if (near === undefined || near === 'Vector' || near === 'enum') return [];
  return instead(document, { offset: range.offset + at, length: word.length }, near);
}

function instead(
  document: QueryDocument,
  span: { readonly offset: number; readonly length: number },
  word: string | undefined,
): readonly Fix[] {
  if (word === undefined) return [];
  return [
    {
      title: `Change to ${word.startsWith('"') ? word : `\`${word}\``}`,
      changes: [replacement(document, span, word)],
      sure: true,
    },
  ];
}

/** Behind the block of `order`. */
function addLimit({ document, declaration }: Trouble): readonly Fix[] {
  const { body } = declaration.syntax ?? {};
  const order = orderBlock(document, declaration);
  if (body?.kind !== 'read' || body.limit !== null || order === undefined) return [];
  const { lines } = document;
  const isOneLine = lines.position(declaration.offset).line === lines.position(order.start).line;
  const limit = isOneLine ? ' limit 10' : `\n${indentationAt(document, order.start)}limit 10`;
  return [{ title: 'Add `limit 10`', changes: [insertion(document, order.end, limit)], sure: true }];
}

/** From the word to behind its closing brace. */
function orderBlock(
  document: QueryDocument,
  declaration: CompiledQueryDeclaration,
): { readonly start: number; readonly end: number } | undefined {
  const { tokens, walk } = walkedDeclaration(document, declaration);
  const at = tokens.findLastIndex((token, index) => token.text === 'order' && walk.roles[index] === 'keyword');
  const start = tokens[at];
  let depth = 0;
  for (const token of start === undefined ? [] : tokens.slice(at + 1)) {
    if (token.text === '{') depth += 1;
    if (token.text === '}') depth -= 1;
    if (start !== undefined && depth === 0) {
      return { start: declaration.offset + start.offset, end: declaration.offset + endOf(token) };
    }
  }
  return undefined;
}

function addAlias({ document, declaration, range }: Trouble): readonly Fix[] {
  const items = returnItems(declaration.syntax);
  const at = range.offset - declaration.offset;
  const item = items.find(({ expression }) => expression.span.offset === at);
  if (item === undefined || item.alias !== null) return [];
  const taken = new Set(items.flatMap(({ alias }) => alias?.text ?? []));
  const name = columnNames(item.expression).find((candidate) => !taken.has(candidate));
  if (name === undefined) return [];
  const end = declaration.offset + item.expression.span.offset + item.expression.span.length;
  return [{ title: `Name the column \`${name}\``, changes: [insertion(document, end, ` as ${name}`)], sure: true }];
}

type Expression = ReturnType<typeof returnItems>[number]['expression'];

function columnNames(expression: Expression): readonly string[] {
  switch (expression.kind) {
    case 'property':
      return [`${expression.variable.text}_${expression.property.text}`];
    case 'variable':
      return [`${expression.name}_id`];
    case 'call': {
      const [argument] = expression.args;
      const subject =
        argument === undefined
          ? []
          : argument.kind === 'property'
            ? [argument.property.text]
            : argument.kind === 'variable'
              ? [argument.name]
              : [];
      return [...subject.map((name) => `${name}_${expression.name}`), expression.name];
    }
    default:
      return ['value'];
  }
}
