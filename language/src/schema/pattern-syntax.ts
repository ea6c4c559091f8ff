/**
 * Rewrites a pattern of the schema's dialect into what RE2 reads: Unicode `\d \w \s`, `(?x)` layout, `\u{…}`.
 * What RE2 would read with another meaning (nested classes, class arithmetic, `\Q`) is refused rather than
 * misunderstood. `\b` stays RE2's: a border of ASCII words. schema-language.md §17.
 */
type Re2Syntax = { readonly pattern: string } | { readonly problem: string };

interface Walk {
  readonly source: string;
  at: number;
  output: string;
  /** Whether blanks and `#` comments are layout, one entry per open group. */
  readonly layout: boolean[];
}

/** Translates one pattern; `problem` names what the dialect does not have. */
export function toRe2Syntax(source: string): Re2Syntax {
  const walk: Walk = { source, at: 0, output: '', layout: [false] };
  while (walk.at < source.length) {
    const problem = step(walk);
    if (problem !== undefined) return { problem };
  }
  return { pattern: walk.output };
}

function step(walk: Walk): string | undefined {
  const character = walk.source.charAt(walk.at);
  const layout = walk.layout.at(-1) === true;
  if (character === '\\') return escapeSequence(walk, false);
  if (character === '[') return characterClass(walk);
  if (character === '(') return group(walk);
  if (character === ')' && walk.layout.length > 1) walk.layout.pop();
  if (layout && /\s/.test(character)) {
    walk.at += 1;
    return undefined;
  }
  if (layout && character === '#') {
    const end = walk.source.indexOf('\n', walk.at);
    walk.at = end === -1 ? walk.source.length : end + 1;
    return undefined;
  }
  walk.output += character;
  walk.at += 1;
  return undefined;
}

const FLAG_GROUP = /\(\?([A-Za-z]*)(?:-([A-Za-z]+))?([:)])/y;

function group(walk: Walk): string | undefined {
  FLAG_GROUP.lastIndex = walk.at;
  const flags = FLAG_GROUP.exec(walk.source);
  const layout = walk.layout.at(-1) === true;
  if (flags === null) {
    walk.layout.push(layout);
    walk.output += '(';
    walk.at += 1;
    return undefined;
  }
  const [whole, on = '', off = '', end] = flags;
  const unknown = [...on, ...off].find((flag) => !'imsUux'.includes(flag));
  if (unknown !== undefined) return `the flag \`${unknown}\` does not exist`;
  if (off.includes('u')) return 'matching is always by Unicode: `-u` is not supported';
  const next = off.includes('x') ? false : on.includes('x') || layout;
  const [kept, dropped] = [on, off].map((letters) => letters.replace(/[ux]/g, ''));
  const re2Flags = `${kept ?? ''}${dropped ? `-${dropped}` : ''}`;
  if (end === ':') {
    walk.layout.push(next);
    walk.output += `(?${re2Flags}:`;
  } else {
    walk.layout[walk.layout.length - 1] = next;
    walk.output += re2Flags === '' ? '' : `(?${re2Flags})`;
  }
  walk.at += whole.length;
  return undefined;
}

function characterClass(walk: Walk): string | undefined {
  const layout = walk.layout.at(-1) === true;
  const start = /\[\^?\]?/y;
  start.lastIndex = walk.at;
  const head = start.exec(walk.source)?.[0] ?? '[';
  // A `]` right behind the opening is a member.
  walk.output += head.endsWith(']') ? `${head.slice(0, -1)}\\]` : head;
  walk.at += head.length;
  while (walk.at < walk.source.length) {
    const character = walk.source.charAt(walk.at);
    const pair = walk.source.slice(walk.at, walk.at + 2);
    if (character === ']') {
      walk.output += ']';
      walk.at += 1;
      return undefined;
    }
    if (pair === '&&' || pair === '--' || pair === '~~') return `class operator \`${pair}\` is not supported`;
    const problem = classMember(walk, character, layout);
    if (problem !== undefined) return problem;
  }
  return 'a character class is not closed';
}

const POSIX_CLASS = /\[:\^?[a-z]+:\]/y;

function classMember(walk: Walk, character: string, layout: boolean): string | undefined {
  if (character === '\\') return escapeSequence(walk, true);
  if (character === '[') {
    POSIX_CLASS.lastIndex = walk.at;
    const posix = POSIX_CLASS.exec(walk.source)?.[0];
    if (posix === undefined) return 'nested character classes are not supported; escape the bracket: `\\[`';
    walk.output += posix;
    walk.at += posix.length;
    return undefined;
  }
  if (!(layout && /\s/.test(character))) walk.output += character;
  walk.at += 1;
  return undefined;
}

const SPACE = '\\t-\\r \\x{85}\\p{Z}';
const WORD = '\\p{Alphabetic}\\p{M}\\p{Nd}\\p{Pc}\\x{200C}\\x{200D}';
const CODE_POINT = /\\(?:u\{([0-9A-Fa-f]+)\}|u([0-9A-Fa-f]{4})|U([0-9A-Fa-f]{8}))/y;
const PROPERTY_CLASS = /\\[pP](?:\{[^}]*\}|.)/y;

function escapeSequence(walk: Walk, inClass: boolean): string | undefined {
  const letter = walk.source.charAt(walk.at + 1);
  const replace = (text: string, length = 2): undefined => {
    walk.output += text;
    walk.at += length;
  };
  switch (letter) {
    case '':
      return 'a backslash ends the pattern';
    case 'd':
      return replace('\\p{Nd}');
    case 'D':
      return replace('\\P{Nd}');
    case 's':
      return replace(inClass ? SPACE : `[${SPACE}]`);
    case 'S':
      return replace(inClass ? notSpace() : `[^${SPACE}]`);
    case 'w':
      return replace(inClass ? WORD : `[${WORD}]`);
    case 'W':
      return replace(inClass ? notWord() : `[^${WORD}]`);
    case 'Q':
    case 'E':
    case 'C':
      return `the escape \`\\${letter}\` does not exist`;
    case 'u':
    case 'U': {
      CODE_POINT.lastIndex = walk.at;
      const found = CODE_POINT.exec(walk.source);
      if (found === null) return `\`\\${letter}\` needs hexadecimal digits`;
      return replace(`\\x{${found[1] ?? found[2] ?? found[3]}}`, found[0].length);
    }
    case 'p':
    case 'P': {
      PROPERTY_CLASS.lastIndex = walk.at;
      const found = PROPERTY_CLASS.exec(walk.source)?.[0] ?? `\\${letter}`;
      return replace(found, found.length);
    }
    default:
      return replace(`\\${letter}`);
  }
}

let notWordRanges: string | undefined;
let notSpaceRanges: string | undefined;

/** RE2 cannot negate inside a class, so the complement is spelled out, once. */
function notWord(): string {
  notWordRanges ??= complement(/[\p{Alphabetic}\p{M}\p{Nd}\p{Pc}\u200C\u200D]/u);
  return notWordRanges;
}

function notSpace(): string {
  notSpaceRanges ??= complement(/[\t-\r \u0085\p{Z}]/u);
  return notSpaceRanges;
}

function complement(members: RegExp): string {
  const ranges: string[] = [];
  let start = -1;
  for (let point = 0; point <= 0x110000; point++) {
    const outside = point < 0x110000 && !members.test(String.fromCodePoint(point));
    if (outside && start === -1) start = point;
    if (!outside && start !== -1) {
      ranges.push(`\\x{${start.toString(16)}}-\\x{${(point - 1).toString(16)}}`);
      start = -1;
    }
  }
  return ranges.join('');
}
