/**
 * What each word of a declaration is, and what may stand at a point of it: one walk over the tokens of the declaration,
 * for completion, signature help and colouring. It works on any text, since it only ever looks at the tokens before
 * the point; a token that fits nowhere leaves it where it was. Grammar: schema-language.md §3.
 */
import { scanTokens, type Token } from '../../lexis/index.js';
import type { TypeKind } from '../../schema/index.js';

/** What may stand at a point. */
export type Place =
  | { readonly at: 'declaration' }
  | { readonly at: 'type-name' }
  /** Behind a node's name or an annotation of its header. */
  | { readonly at: 'node-header' }
  /** Behind the endpoints of an edge; `cardinality`: it may still come. */
  | { readonly at: 'edge-header'; readonly cardinality: boolean }
  | { readonly at: 'interface-name' }
  | { readonly at: 'after-interface' }
  | { readonly at: 'endpoint'; readonly end: 'from' | 'to' }
  | { readonly at: 'member' }
  | { readonly at: 'property-type'; readonly list: boolean }
  | { readonly at: 'enum-value' }
  | { readonly at: 'dimension' }
  /** Behind a property's type or an annotation of it; `nullable`: a `?` may still come. */
  | { readonly at: 'after-type'; readonly nullable: boolean }
  /** Behind `@`. */
  | { readonly at: 'annotation-name'; readonly on: 'type' | 'property' | 'member' }
  | { readonly at: 'argument'; readonly annotation: string; readonly index: number; readonly constraint: boolean }
  /** The punctuation that must come next, or free text. */
  | { readonly at: 'punctuation'; readonly expected: string };

export type Role =
  | 'keyword'
  | 'type-name'
  | 'interface-name'
  | 'endpoint'
  | 'property-name'
  | 'base-type'
  | 'enum-keyword'
  | 'enum-value'
  | 'annotation-name'
  | 'constraint-name'
  | 'argument'
  | 'argument-name'
  | 'string'
  | 'number'
  | 'punctuation'
  | 'unknown';

/** Where a walk ended, and what it passed. */
export interface Walk {
  readonly place: Place;
  /** Of the declaration the point is in; absent outside of declarations. */
  readonly kind?: TypeKind;
  readonly name?: string;
  /** The property whose type or annotations the point is in. */
  readonly property?: string;
  /** What an `implements` list, an enum or a pair of parentheses holds so far. */
  readonly listed: readonly string[];
  readonly inBody: boolean;
  /** Offset of the `(` whose arguments the point is in. */
  readonly open?: number;
}

export interface RoledToken {
  readonly token: Token;
  readonly role: Role;
}

const CONSTRAINTS = new Set(['key', 'unique', 'index', 'range', 'check']);
const START: Walk = { place: { at: 'declaration' }, listed: [], inBody: false };

/** Walks the tokens of one piece of a text: what each one is, and where the walk stands behind them. */
export function walkTokens(tokens: readonly Token[]): {
  readonly roles: readonly RoledToken[];
  readonly end: Walk;
} {
  const roles: RoledToken[] = [];
  let walk = START;
  for (const [at, token] of tokens.entries()) {
    const [role, next] = step(walk, token, { next: tokens[at + 1]?.text, afterNext: tokens[at + 2]?.text });
    roles.push({ token, role });
    walk = next;
  }
  return { roles, end: walk };
}

/** The tokens that mean something. */
export const meaningfulTokens = (text: string): readonly Token[] =>
  glued([...scanTokens(text)].filter(({ kind }) => !isTrivia(kind)));

export const isTrivia = (kind: Token['kind']): boolean =>
  kind === 'space' || kind === 'line-comment' || kind === 'block-comment';

/** `phase-1` is one word to the language, and three to the scanner. */
function glued(tokens: readonly Token[]): readonly Token[] {
  const joined: Token[] = [];
  for (const token of tokens) {
    const last = joined.at(-1);
    const touches = last !== undefined && last.offset + last.text.length === token.offset;
    if (touches && isWordPart(last) && isWordPart(token)) {
      joined[joined.length - 1] = { kind: 'word', offset: last.offset, text: last.text + token.text };
    } else joined.push(token);
  }
  return joined;
}

const isWordPart = ({ kind, text }: Token): boolean => kind === 'word' || text === '-';

interface Ahead {
  readonly next: string | undefined;
  readonly afterNext: string | undefined;
}

const NOTHING_AHEAD: Ahead = { next: undefined, afterNext: undefined };

type Step = readonly [Role, Walk];

function step(walk: Walk, token: Token, ahead: Ahead): Step {
  const { text } = token;
  if (walk.inBody && text === '}') return ['punctuation', START];
  const { place } = walk;
  switch (place.at) {
    case 'declaration':
      return declarationStep(walk, text);
    case 'type-name':
      return ['type-name', { ...walk, name: text, place: afterName(walk.kind) }];
    case 'node-header':
      return text === 'implements'
        ? ['keyword', { ...walk, listed: [], place: { at: 'interface-name' } }]
        : headerStep(walk, text);
    case 'edge-header':
      return headerStep(walk, text);
    case 'interface-name':
      return token.kind === 'word'
        ? ['interface-name', { ...walk, listed: [...walk.listed, text], place: { at: 'after-interface' } }]
        : openBody(walk, text);
    case 'after-interface':
      return text === ',' ? ['punctuation', { ...walk, place: { at: 'interface-name' } }] : openBody(walk, text);
    case 'endpoint':
      return token.kind === 'word' ? ['endpoint', { ...walk, place: afterEndpoint(place.end) }] : openBody(walk, text);
    case 'member':
    case 'after-type':
      return memberStep(walk, token, ahead);
    case 'property-type':
      return typeStep(walk, text);
    case 'enum-value':
      return listStep(walk, token, 'enum-value');
    case 'dimension':
      return text === ')' ? ['punctuation', toMembers(walk)] : ['number', walk];
    case 'annotation-name':
      return annotationStep(walk, text, ahead);
    case 'argument':
      return argumentStep(walk, token, ahead);
    case 'punctuation':
      return punctuationStep(walk, place.expected, token);
    default:
      return place satisfies never;
  }
}

function declarationStep(walk: Walk, text: string): Step {
  if (text !== 'node' && text !== 'edge' && text !== 'interface') return ['unknown', walk];
  return ['keyword', { ...START, kind: text, place: { at: 'type-name' } }];
}

function afterName(kind: TypeKind | undefined): Place {
  switch (kind) {
    case 'node':
      return { at: 'node-header' };
    case 'edge':
      return { at: 'punctuation', expected: ':' };
    case 'interface':
    case undefined:
      return { at: 'punctuation', expected: '{' };
    default:
      return kind satisfies never;
  }
}

const afterEndpoint = (end: 'from' | 'to'): Place =>
  end === 'from' ? { at: 'punctuation', expected: '->' } : { at: 'edge-header', cardinality: true };

function headerStep(walk: Walk, text: string): Step {
  if (text === '@') return ['punctuation', { ...walk, place: { at: 'annotation-name', on: 'type' } }];
  return openBody(walk, text);
}

function openBody(walk: Walk, text: string): Step {
  if (text !== '{') return ['unknown', walk];
  return ['punctuation', { ...walk, listed: [], inBody: true, place: { at: 'member' } }];
}

function memberStep(walk: Walk, token: Token, { next, afterNext }: Ahead): Step {
  if (token.text === '@') {
    const constraint = CONSTRAINTS.has(next ?? '') && afterNext === '(';
    const on = walk.place.at === 'after-type' && !constraint ? 'property' : 'member';
    return ['punctuation', { ...walk, place: { at: 'annotation-name', on } }];
  }
  if (token.text === '?' && walk.place.at === 'after-type') {
    return ['punctuation', { ...walk, place: { at: 'after-type', nullable: true } }];
  }
  if (token.kind !== 'word') return ['unknown', walk];
  return ['property-name', { ...walk, property: token.text, place: { at: 'punctuation', expected: ':' } }];
}

function typeStep(walk: Walk, text: string): Step {
  if (text === '[') return ['punctuation', { ...walk, place: { at: 'property-type', list: true } }];
  if (text === 'enum') {
    return ['enum-keyword', { ...walk, listed: [], place: { at: 'punctuation', expected: '(' } }];
  }
  if (text === '@') return ['punctuation', { ...walk, place: { at: 'annotation-name', on: 'property' } }];
  const list = walk.place.at === 'property-type' && walk.place.list;
  if (list) return ['base-type', { ...walk, place: { at: 'punctuation', expected: ']' } }];
  if (text === 'Vector') {
    return ['base-type', { ...walk, place: { at: 'punctuation', expected: 'Vector(' } }];
  }
  return ['base-type', toMembers(walk)];
}

const toMembers = (walk: Walk): Walk => ({ ...walk, listed: [], place: { at: 'after-type', nullable: false } });

function listStep(walk: Walk, token: Token, role: Role): Step {
  if (token.text === ')') return ['punctuation', toMembers(walk)];
  if (token.kind !== 'word') return ['punctuation', walk];
  return [role, { ...walk, listed: [...walk.listed, token.text] }];
}

function annotationStep(walk: Walk, text: string, { next }: Ahead): Step {
  const on = walk.place.at === 'annotation-name' ? walk.place.on : 'member';
  const constraint = on === 'member' && CONSTRAINTS.has(text) && next === '(';
  const role = constraint ? 'constraint-name' : 'annotation-name';
  const expected = `@${text}(`;
  if (next === '(') return [role, { ...walk, listed: [], place: { at: 'punctuation', expected } }];
  return [role, afterAnnotation(walk)];
}

/** Behind an annotation or a constraint. */
function afterAnnotation(walk: Walk): Walk {
  const { open: _open, property, ...rest } = walk;
  if (walk.inBody) {
    const behindProperty = property !== undefined && !(walk.place.at === 'argument' && walk.place.constraint);
    if (!behindProperty) return { ...rest, listed: [], place: { at: 'member' } };
    return { ...rest, property, listed: [], place: { at: 'after-type', nullable: true } };
  }
  const place: Place = walk.kind === 'edge' ? { at: 'edge-header', cardinality: false } : { at: 'node-header' };
  return { ...rest, listed: [], place };
}

function argumentStep(walk: Walk, token: Token, { next }: Ahead): Step {
  const { place } = walk;
  if (place.at !== 'argument') return ['unknown', walk];
  if (token.text === ')') return ['punctuation', afterAnnotation(walk)];
  if (token.text === ',') return ['punctuation', { ...walk, place: { ...place, index: place.index + 1 } }];
  if (token.kind === 'string') return ['string', walk];
  if (token.kind !== 'word') return ['punctuation', walk];
  if (/^-?[0-9]/.test(token.text)) return ['number', walk];
  const listed = [...walk.listed, token.text];
  return [next === '=' ? 'argument-name' : 'argument', { ...walk, listed }];
}

function punctuationStep(walk: Walk, expected: string, token: Token): Step {
  const { text } = token;
  if (text === '{') return openBody(walk, text);
  if (expected.startsWith('@') && text === '(') {
    const annotation = expected.slice(1, -1);
    const constraint = walk.inBody && CONSTRAINTS.has(annotation);
    const place: Place = { at: 'argument', annotation, index: 0, constraint };
    return ['punctuation', { ...walk, open: token.offset, place }];
  }
  switch (text) {
    case ':':
      return walk.inBody
        ? ['punctuation', { ...walk, place: { at: 'property-type', list: false } }]
        : ['punctuation', { ...walk, place: { at: 'endpoint', end: 'from' } }];
    case '->':
      return ['punctuation', { ...walk, place: { at: 'endpoint', end: 'to' } }];
    case '(':
      return ['punctuation', { ...walk, place: { at: expected === 'Vector(' ? 'dimension' : 'enum-value' } }];
    case ']':
      return ['punctuation', toMembers(walk)];
    default:
      return walk.inBody ? memberStep({ ...walk, place: { at: 'member' } }, token, NOTHING_AHEAD) : ['unknown', walk];
  }
}
