/** The clauses of `match` and `not` under the walk: bindings, traversals, filters, searches (query-language.md §2). */
import { COMPARISONS, type Operand, WORD_OPERATORS } from './place.js';
import { type QueryToken, variableName } from './tokens.js';
import { walkAccess, walkOperand } from './walk-expression.js';
import { walkProperties } from './walk-statement.js';
import type { WalkTrack } from './walk-track.js';

export function walkClauses(track: WalkTrack, inNegation: boolean): void {
  for (;;) {
    track.mark();
    const token = track.next({ at: 'clause', inNegation });
    if (token === undefined || track.beginsSection()) return;
    if (token.text === '}') {
      track.take('punctuation');
      return;
    }
    clause(track, token, inNegation);
  }
}

function clause(track: WalkTrack, token: QueryToken, inNegation: boolean): void {
  if (token.kind === 'variable') variableClause(track, inNegation);
  else if (token.text === 'not') {
    track.take('keyword');
    if (track.punctuation('{')) track.within('}', () => walkClauses(track, true));
  } else if (OPERAND_KINDS.has(token.kind) || token.text === '[') {
    const left = walkOperand(track, { at: 'clause', inNegation }, { for: 'anything' }, 'match');
    if (left === undefined) return;
    const isSearch = left.kind === 'call' && SEARCHES.has(left.name);
    if (!isSearch || track.peekOperator() !== undefined) comparison(track, left);
  } else track.take('unknown');
}

function variableClause(track: WalkTrack, inNegation: boolean): void {
  const variable = variableName(track.take('variable'));
  const token = track.next({ at: 'after-variable', variable });
  if (token === undefined) return;
  if (token.text === '.') {
    const left = walkAccess(track, variable, { for: 'anything' });
    if (left !== undefined) comparison(track, left);
  } else if (token.text === ':') {
    track.take('punctuation');
    track.bind(variable);
    binding(track, inNegation);
  } else if (token.kind === 'variable') {
    if (bindsEdge(track, token)) edgeBinding(track, variable);
  } else if (token.text === '<' && opensUndirected(track)) {
    track.take('operator');
    edge(track, variable, { undirected: true, bound: false });
  } else if (COMPARISONS.has(token.text) || isWordFilter(track, token)) {
    comparison(track, { kind: 'variable', name: variable });
  } else if (token.kind === 'word' && !opensBlockOrCall(track)) {
    traversal(track, variable, { undirected: false });
  }
}

function binding(track: WalkTrack, inNegation: boolean): void {
  const type = track.next({ at: 'type', use: 'binding' });
  if (type?.kind !== 'type') {
    if (type?.kind === 'word') track.take('unknown');
    return;
  }
  track.take('type');
  track.mark();
  const open = track.next({ at: 'clause', opens: type.text, inNegation });
  if (open?.text !== '{') return;
  track.take('punctuation');
  walkProperties(track, type.text, 'match', 'binding');
}

function bindsEdge(track: WalkTrack, token: QueryToken): boolean {
  if (track.peek(1)?.text !== ':') return false;
  const word = track.peek(2);
  return word === undefined ? !token.startsLine : word.kind === 'word' || word.text === '<';
}

function edgeBinding(track: WalkTrack, from: string): void {
  track.bind(variableName(track.take('variable')));
  track.take('punctuation');
  const undirected = track.peek()?.text === '<';
  if (undirected) track.take('operator');
  edge(track, from, { undirected, bound: true });
}

function edge(
  track: WalkTrack,
  from: string,
  { undirected, bound }: { readonly undirected: boolean; readonly bound: boolean },
): void {
  if (track.next({ at: 'edge', from, undirected, bound })?.kind === 'word') traversal(track, from, { undirected });
}

function traversal(track: WalkTrack, from: string, { undirected }: { readonly undirected: boolean }): void {
  const edge = track.take('edge').text;
  track.bind(from);
  if (undirected) {
    if (track.next({ at: 'punctuation', expected: '>' })?.text !== '>') return;
    track.take('operator');
  }
  let token = track.next({ at: 'target', from, edge, hops: true });
  if (token?.text === '{') {
    track.take('punctuation');
    hops(track);
    token = track.next({ at: 'target', from, edge, hops: false });
  }
  if (token?.kind !== 'variable') return;
  const following = track.peek(1)?.text;
  // The next clause begins here, and this one lacks its end.
  if (token.startsLine && (following === ':' || following === '.')) return;
  track.bind(variableName(track.take('variable')));
}

function hops(track: WalkTrack): void {
  for (let token = track.next({ at: 'hops' }); token !== undefined; token = track.next({ at: 'hops' })) {
    if (token.text === '}') {
      track.take('punctuation');
      return;
    }
    if (token.kind !== 'number' && token.text !== ',') return;
    track.take(token.kind === 'number' ? 'number' : 'punctuation');
  }
}

function comparison(track: WalkTrack, left: Operand): void {
  const token = track.next({ at: 'operator', left });
  if (token === undefined || track.peekOperator() === undefined) return;
  const operator = track.take('operator').text;
  walkOperand(track, { at: 'operand', left, operator }, { for: 'operand', left, operator }, 'match');
}

function opensBlockOrCall(track: WalkTrack): boolean {
  const [next, afterNext] = [track.peek(1), track.peek(2)];
  if (next?.text === '{') return afterNext !== undefined && afterNext.kind !== 'number';
  return next?.text === '(';
}

function opensUndirected(track: WalkTrack): boolean {
  const [next, afterNext] = [track.peek(1), track.peek(2)];
  return next === undefined || (next.kind === 'word' && (afterNext === undefined || afterNext.text === '>'));
}

function isWordFilter(track: WalkTrack, token: QueryToken): boolean {
  const next = track.peek(1);
  return WORD_OPERATORS.has(token.text) && next !== undefined && next.kind !== 'variable';
}

const OPERAND_KINDS: ReadonlySet<QueryToken['kind']> = new Set(['word', 'string', 'number']);
const SEARCHES: ReadonlySet<string> = new Set(['search', 'fuzzy', 'match_text']);
