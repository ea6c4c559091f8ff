/** Expressions of a query under the walk: operands, calls, lists, property accesses (query-language.md §2). */
import { CLOSING, FUNCTION_WORDS, type Operand, type Place, type Section, type Wanted } from './place.js';
import { type QueryToken, variableName } from './tokens.js';
import type { WalkTrack } from './walk-track.js';

export function walkOperand(track: WalkTrack, place: Place, wanted: Wanted, section: Section): Operand | undefined {
  const token = track.next(place);
  if (token === undefined) return undefined;
  if (track.isTooDeep) {
    track.take('unknown');
    return undefined;
  }
  switch (token.kind) {
    case 'variable': {
      const name = variableName(track.take('variable'));
      if (track.peek()?.text === '.') return walkAccess(track, name, wanted);
      track.use({ name, offset: token.offset, place });
      return { kind: 'variable', name };
    }
    case 'word':
      return word(track, token, section);
    case 'string':
    case 'number':
      track.take(token.kind);
      return { kind: 'literal' };
    default:
      if (token.text === '[') return list(track, place, wanted, section);
      if (!CLOSING.has(token.text)) track.take('unknown');
      return undefined;
  }
}

function word(track: WalkTrack, token: QueryToken, section: Section): Operand {
  const calls = track.peek(1)?.text === '(';
  if (calls && (FUNCTION_WORDS.has(token.text) || token.text === 'date' || token.text === 'datetime')) {
    return call(track, section);
  }
  const isLiteral = token.text === 'true' || token.text === 'false';
  track.take(isLiteral ? 'literal' : 'alias');
  return isLiteral ? { kind: 'literal' } : { kind: 'word', name: token.text };
}

export function walkAccess(track: WalkTrack, variable: string, wanted: Wanted): Operand | undefined {
  track.take('punctuation');
  const token = track.next({ at: 'access', variable, wanted });
  if (token?.kind !== 'word') return undefined;
  track.take('property');
  return { kind: 'property', variable, property: token.text };
}

function list(track: WalkTrack, place: Place, wanted: Wanted, section: Section): Operand {
  track.take('punctuation');
  track.openList();
  for (let token = track.next(place); token !== undefined; token = track.next(place)) {
    if (token.text === ']') {
      track.take('punctuation');
      break;
    }
    if (token.text === ',') track.take('punctuation');
    else if (CLOSING.has(token.text)) break;
    else walkOperand(track, place, wanted, section);
  }
  track.closeList();
  return { kind: 'literal' };
}

function call(track: WalkTrack, section: Section): Operand {
  const of = track.take('function').text;
  track.take('punctuation');
  let index = 0;
  let first: Operand | undefined;
  track.openCall({ kind: 'function', name: of, index });
  for (;;) {
    const place: Place = { at: 'argument', of, index, section };
    const token = track.next(place);
    if (token === undefined) return { kind: 'call', name: of, of: first };
    if (token.text === ')') {
      track.take('punctuation');
      break;
    }
    if (token.text === ',') {
      track.take('punctuation');
      index += 1;
      track.updateCall({ kind: 'function', name: of, index });
      continue;
    }
    if (CLOSING.has(token.text) || track.beginsSection()) break;
    const argument = walkOperand(track, place, { for: 'argument', of, index }, section);
    if (index === 0) first = argument;
  }
  track.closeCall();
  return { kind: 'call', name: of, of: first };
}
