/**
 * Text to index terms: Unicode words, lower-cased, accents folded to ASCII, over-long tokens and English stop words
 * dropped, the rest stemmed. One pipeline for fields and queries. query-language.md §7.2.
 */
import { stem } from './porter-stemmer.js';

const WORD = /[\p{L}\p{N}\p{M}_]+/gu;
const COMBINING_MARK = /\p{M}+/gu;
const LONGEST_TOKEN = 40;

/** Lucene's English stop words. */
const STOP_WORDS: ReadonlySet<string> = new Set(
  'a an and are as at be but by for if in into is it no not of on or such that the their then there these they this to was will with'.split(
    ' ',
  ),
);

/** Letters that Unicode decomposition leaves alone but that have a customary ASCII spelling. */
const FOLDED: ReadonlyMap<string, string> = new Map([
  ['ß', 'ss'],
  ['æ', 'ae'],
  ['œ', 'oe'],
  ['ø', 'o'],
  ['đ', 'd'],
  ['ð', 'd'],
  ['þ', 'th'],
  ['ł', 'l'],
  ['ı', 'i'],
]);

/** The terms of a text, in order, repeats included. */
export function tokenise(text: string): string[] {
  const terms: string[] = [];
  for (const [word] of text.matchAll(WORD)) {
    const folded = foldToAscii(word.toLowerCase());
    if ([...folded].length > LONGEST_TOKEN || STOP_WORDS.has(folded)) continue;
    terms.push(stem(folded));
  }
  return terms;
}

function foldToAscii(word: string): string {
  const bare = word.normalize('NFD').replace(COMBINING_MARK, '').normalize('NFC');
  return [...bare].map((letter) => FOLDED.get(letter) ?? letter).join('');
}
