/** Mutations under the walk, and the blocks of `name: value` that bindings share with them (query-language.md §2). */
import { COMPARISONS, type PropertyUse, type TargetUse } from './place.js';
import { walkOperand } from './walk-expression.js';
import type { WalkTrack } from './walk-track.js';

export function walkStatement(track: WalkTrack, word: 'insert' | 'update' | 'delete'): void {
  track.take('keyword');
  const type = track.next({ at: 'type', use: word });
  if (type?.kind !== 'type') return;
  track.take('type');
  if (word === 'update') {
    if (track.next({ at: 'keyword', word: 'set' })?.text !== 'set') return;
    track.take('keyword');
  }
  if (word !== 'delete') {
    if (!track.punctuation('{')) return;
    walkProperties(track, type.text, 'assign', word);
    if (word === 'insert') return;
  }
  if (track.next({ at: 'keyword', word: 'where' })?.text !== 'where') return;
  track.take('keyword');
  predicate(track, type.text, word);
}

function predicate(track: WalkTrack, type: string, statement: TargetUse): void {
  const property = track.next({ at: 'property', type, use: 'predicate', used: [], comma: false, statement });
  if (property?.kind !== 'word') return;
  track.take('property');
  const operator = track.next({ at: 'predicate-operator', type, property: property.text });
  if (operator === undefined || !COMPARISONS.has(operator.text)) return;
  track.take('operator');
  value(track, type, property.text, 'predicate');
}

export function walkProperties(track: WalkTrack, type: string, use: 'match' | 'assign', statement: TargetUse): void {
  const used: string[] = [];
  let comma = false;
  if (use === 'assign') track.openCall({ kind: 'assignments', name: type, index: 0 });
  for (;;) {
    const token = track.next({ at: 'property', type, use, used: [...used], comma, statement });
    if (token === undefined) return;
    if (token.text === '}') {
      track.take('punctuation');
      break;
    }
    if (token.text === ',') {
      track.take('punctuation');
      comma = false;
    } else if (token.kind === 'word' && namesProperty(track)) {
      track.take('property');
      used.push(token.text);
      if (use === 'assign') {
        track.updateCall({ kind: 'assignments', name: type, index: used.length - 1, property: token.text });
      }
      if (track.punctuation(':')) value(track, type, token.text, use);
      comma = use === 'match';
    } else if (token.kind === 'variable' || track.beginsSection() || STATEMENTS.has(token.text)) {
      break;
    } else {
      track.take('unknown');
    }
  }
  if (use === 'assign') track.closeCall();
}

function value(track: WalkTrack, type: string, property: string, use: PropertyUse): void {
  const token = track.next({ at: 'value', type, property, use });
  // A name with a colon is the next property, and this one lacks its value.
  if (token?.kind === 'word' && track.peek(1)?.text === ':') return;
  walkOperand(track, { at: 'value', type, property, use }, { for: 'anything' }, 'statement');
}

function namesProperty(track: WalkTrack): boolean {
  const next = track.peek(1);
  return next === undefined || next.text === ':' || !(track.beginsSection() || next.kind === 'type');
}

const STATEMENTS: ReadonlySet<string> = new Set(['where', 'insert', 'update', 'delete']);
