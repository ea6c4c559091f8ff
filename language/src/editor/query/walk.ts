/**
 * A walk over the tokens of one declaration that gives each its role and says what may come next. It follows the
 * grammar (query-language.md §2) wherever the text does, and finds its way back wherever it does not: a clause that
 * breaks off costs itself, a block that is not closed ends where the next section begins.
 *
 * Invariant: total; every token is passed once.
 */
import { CLOSING, type Operand, type Section } from './place.js';
import type { QueryToken } from './tokens.js';
import { walkClauses } from './walk-clauses.js';
import { walkOperand } from './walk-expression.js';
import { walkStatement } from './walk-statement.js';
import { type Walk, WalkTrack } from './walk-track.js';

export type { VariableUse, Walk } from './walk-track.js';

/** `tokens` without comments; `end` is the offset behind the last of interest. */
export function walkQuery(tokens: readonly QueryToken[], end: number): Walk {
  const track = new WalkTrack(tokens, end);
  walkDeclaration(track);
  return track.result();
}

function walkDeclaration(track: WalkTrack): void {
  for (let token = track.next({ at: 'top' }); token !== undefined; token = track.next({ at: 'top' })) {
    if (token.text === 'query') query(track);
    else track.take('unknown');
  }
}

function query(track: WalkTrack): void {
  track.take('keyword');
  if (track.next({ at: 'query-name' })?.kind === 'word') track.take('query-name');
  let hasParameters = false;
  track.within('() { }', () => {
    hasParameters = track.punctuation('(');
  });
  if (hasParameters) track.within(') { }', () => parameters(track));
  header(track);
}

function parameters(track: WalkTrack): void {
  for (;;) {
    track.mark();
    const token = track.next({ at: 'parameter' });
    if (token === undefined || token.text === '{') return;
    if (token.text === ')') {
      track.take('punctuation');
      return;
    }
    if (token.kind === 'variable') {
      track.take('parameter');
      if (track.punctuation(':')) parameterType(track);
      track.mark();
      const after = track.next({ at: 'punctuation', expected: ',' });
      if (after?.text === ',') track.take('punctuation');
    } else {
      track.take(token.text === ',' ? 'punctuation' : 'unknown');
    }
  }
}

function parameterType(track: WalkTrack): void {
  let list = false;
  if (track.peek()?.text === '[') {
    track.take('punctuation');
    list = true;
  }
  const name = track.next({ at: 'parameter-type', list });
  if (name?.kind !== 'type') return;
  track.take('base-type');
  if (name.text === 'Vector' && track.punctuation('(')) {
    if (track.next({ at: 'hops' })?.kind === 'number') track.take('number');
    track.punctuation(')');
  }
  if (list) track.punctuation(']');
  if (track.peek()?.text === '?') track.take('punctuation');
}

function header(track: WalkTrack): void {
  const annotations: string[] = [];
  for (;;) {
    track.mark();
    const token = track.next({ at: 'header', annotations });
    if (token === undefined) return;
    if (token.text === '{') {
      track.take('punctuation');
      track.within('}', () => body(track));
      return;
    }
    if (token.kind === 'word' && token.text === 'query') return;
    if (token.kind !== 'annotation') {
      track.take('unknown');
      continue;
    }
    track.take('annotation');
    annotations.push(token.text);
    if (!track.punctuation('(')) continue;
    track.openCall({ kind: 'annotation', name: token.text, index: 0 });
    if (track.next({ at: 'annotation-text', annotation: token.text })?.kind === 'string') track.take('string');
    track.punctuation(')');
    track.closeCall();
  }
}

function body(track: WalkTrack): void {
  const sections: Section[] = [];
  for (;;) {
    track.mark();
    const token = track.next({ at: 'body', sections: [...sections] });
    if (token === undefined) return;
    if (token.text === '}') {
      track.take('punctuation');
      return;
    }
    const section = token.kind === 'word' ? walkSection(track, token.text) : undefined;
    if (section === undefined) track.take('unknown');
    else sections.push(section);
  }
}

function walkSection(track: WalkTrack, word: string): Section | undefined {
  switch (word) {
    case 'match':
      track.take('keyword');
      if (track.punctuation('{')) track.within('} return { }', () => walkClauses(track, false));
      return word;
    case 'return':
    case 'order':
      track.take('keyword');
      if (track.punctuation('{')) track.within('}', () => walkItems(track, word));
      return word;
    case 'limit':
      track.take('keyword');
      if (track.next({ at: 'limit' })?.kind === 'number') track.take('number');
      return word;
    case 'insert':
    case 'update':
    case 'delete':
      walkStatement(track, word);
      return 'statement';
    default:
      return undefined;
  }
}

function walkItems(track: WalkTrack, section: 'return' | 'order'): void {
  for (let count = 0; ; count += 1) {
    track.mark();
    const token = track.next({ at: 'item', section, first: count === 0 });
    if (token === undefined || track.beginsSection()) return;
    if (token.text === '}') {
      track.take('punctuation');
      return;
    }
    if (CLOSING.has(token.text)) {
      track.take(token.text === ',' ? 'punctuation' : 'unknown');
      continue;
    }
    const item = walkOperand(track, { at: 'item', section, first: count === 0 }, { for: 'anything' }, section);
    if (item !== undefined) itemEnd(track, section, item);
  }
}

function itemEnd(track: WalkTrack, section: 'return' | 'order', of: Operand): void {
  const at = track.whole;
  track.mark();
  const token = track.next({ at: 'after-item', section, done: false });
  if (token?.kind === 'word' && section === 'order' && (token.text === 'asc' || token.text === 'desc')) {
    track.take('keyword');
  } else if (token?.kind === 'word' && section === 'return' && token.text === 'as') {
    track.take('keyword');
    track.markAt(at);
    if (track.next({ at: 'alias', of })?.kind === 'word') track.take('alias');
  } else {
    return;
  }
  track.mark();
  track.next({ at: 'after-item', section, done: true });
}
