/**
 * M. F. Porter, "An algorithm for suffix stripping", Program 14(3), 1980, pp. 130–137. Step names are the paper's.
 * Words of one or two letters and words with anything but a–z are returned as they are.
 */
const PLAIN_WORD = /^[a-z]{3,}$/;

/** The stem of a lower-case English word. */
export function stem(word: string): string {
  if (!PLAIN_WORD.test(word)) return word;
  return [step1a, step1b, step1c, step2, step3, step4, step5a, step5b].reduce((rest, step) => step(rest), word);
}

function step1a(word: string): string {
  if (word.endsWith('sses') || word.endsWith('ies')) return word.slice(0, -2);
  return word.endsWith('s') && !word.endsWith('ss') ? word.slice(0, -1) : word;
}

function step1b(word: string): string {
  if (word.endsWith('eed')) return measure(word.slice(0, -3)) > 0 ? word.slice(0, -1) : word;
  const ending = word.endsWith('ed') ? 2 : word.endsWith('ing') ? 3 : 0;
  const rest = word.slice(0, word.length - ending);
  if (ending === 0 || !hasVowel(rest)) return word;
  if (/(?:at|bl|iz)$/.test(rest)) return `${rest}e`;
  if (endsInDouble(rest) && !/[lsz]$/.test(rest)) return rest.slice(0, -1);
  return measure(rest) === 1 && endsInShortSyllable(rest) ? `${rest}e` : rest;
}

const step1c = (word: string): string =>
  word.endsWith('y') && hasVowel(word.slice(0, -1)) ? `${word.slice(0, -1)}i` : word;

const step2 = replaceSuffix(0, [
  ['ational', 'ate'],
  ['tional', 'tion'],
  ['enci', 'ence'],
  ['anci', 'ance'],
  ['izer', 'ize'],
  ['abli', 'able'],
  ['alli', 'al'],
  ['entli', 'ent'],
  ['eli', 'e'],
  ['ousli', 'ous'],
  ['ization', 'ize'],
  ['ation', 'ate'],
  ['ator', 'ate'],
  ['alism', 'al'],
  ['iveness', 'ive'],
  ['fulness', 'ful'],
  ['ousness', 'ous'],
  ['aliti', 'al'],
  ['iviti', 'ive'],
  ['biliti', 'ble'],
]);

const step3 = replaceSuffix(0, [
  ['icate', 'ic'],
  ['ative', ''],
  ['alize', 'al'],
  ['iciti', 'ic'],
  ['ical', 'ic'],
  ['ful', ''],
  ['ness', ''],
]);

const STEP_4 = /(?:al|ance|ence|er|ic|able|ible|ant|ement|ment|ent|(?<=[st])ion|ou|ism|ate|iti|ous|ive|ize)$/;

function step4(word: string): string {
  const suffix = STEP_4.exec(word)?.[0] ?? '';
  const rest = word.slice(0, word.length - suffix.length);
  return suffix !== '' && measure(rest) > 1 ? rest : word;
}

function step5a(word: string): string {
  if (!word.endsWith('e')) return word;
  const rest = word.slice(0, -1);
  const size = measure(rest);
  return size > 1 || (size === 1 && !endsInShortSyllable(rest)) ? rest : word;
}

const step5b = (word: string): string => (word.endsWith('ll') && measure(word) > 1 ? word.slice(0, -1) : word);

/** The longest suffix of the list decides; it is replaced if what stands before it is long enough. */
function replaceSuffix(longerThan: number, suffixes: readonly (readonly [string, string])[]) {
  const longestFirst = suffixes.toSorted(([a], [b]) => b.length - a.length);
  return (word: string): string => {
    const match = longestFirst.find(([suffix]) => word.endsWith(suffix));
    if (match === undefined) return word;
    const rest = word.slice(0, word.length - match[0].length);
    return measure(rest) > longerThan ? rest + match[1] : word;
  };
}

/** `c` and `v` per letter: y is a vowel after a consonant. */
function shape(word: string): string {
  let pattern = '';
  for (const letter of word) {
    const vowel = 'aeiou'.includes(letter) || (letter === 'y' && pattern.endsWith('c'));
    pattern += vowel ? 'v' : 'c';
  }
  return pattern;
}

/** The paper's m: how often a run of vowels is followed by a run of consonants. */
const measure = (word: string): number => shape(word).match(/v+c+/g)?.length ?? 0;

const hasVowel = (word: string): boolean => shape(word).includes('v');

const endsInDouble = (word: string): boolean => /([a-z])\1$/.test(word) && shape(word).endsWith('cc');

/** The paper's *o: consonant, vowel, consonant other than w, x or y. */
const endsInShortSyllable = (word: string): boolean => shape(word).endsWith('cvc') && !/[wxy]$/.test(word);
