/**
 * What `JSON.parse` forgets about a line, found in one pass over its characters: how many structure marks it has, how
 * many members were written (a parsed object keeps only the last of equal names), and whether a number was spelled with
 * a fraction or exponent (`3.0` is not an integer here, engine.md §7.4).
 */
export interface LineScan {
  /** `{}[],:` outside strings. */
  marks: number;
  /** Colons outside strings: one per member of valid JSON. */
  members: number;
  /** Deepest nesting of objects and arrays. */
  depth: number;
  /** Some number has a `.`, `e` or `E`. */
  fractional: boolean;
  /** Some string has a backslash, so it may spell half of a surrogate pair. */
  escaped: boolean;
}

const [QUOTE, BACKSLASH, COMMA, COLON, DOT] = [0x22, 0x5c, 0x2c, 0x3a, 0x2e];
const [OPEN_BRACE, CLOSE_BRACE, OPEN_BRACKET, CLOSE_BRACKET] = [0x7b, 0x7d, 0x5b, 0x5d];
const [UPPER_E, LOWER_E, ZERO, NINE] = [0x45, 0x65, 0x30, 0x39];

/** Fills `scan` (reused from line to line: the loop runs millions of times) and returns it. */
export function scanLine(text: string, scan: LineScan): LineScan {
  let marks = 0;
  let members = 0;
  let level = 0;
  let depth = 0;
  let fractional = false;
  let escaped = false;
  for (let at = 0; at < text.length; at += 1) {
    const unit = text.charCodeAt(at);
    if (unit === QUOTE) {
      for (at += 1; at < text.length; at += 1) {
        const inner = text.charCodeAt(at);
        if (inner === QUOTE) break;
        if (inner === BACKSLASH) {
          escaped = true;
          at += 1;
        }
      }
    } else if (unit === COLON) {
      members += 1;
    } else if (unit === COMMA) {
      marks += 1;
    } else if (unit === OPEN_BRACE || unit === OPEN_BRACKET) {
      marks += 1;
      level += 1;
      if (level > depth) depth = level;
    } else if (unit === CLOSE_BRACE || unit === CLOSE_BRACKET) {
      marks += 1;
      level -= 1;
    } else if (unit === DOT || ((unit === LOWER_E || unit === UPPER_E) && followsDigit(text, at))) {
      fractional = true;
    }
  }
  scan.marks = marks + members;
  scan.members = members;
  scan.depth = depth;
  scan.fractional = fractional;
  scan.escaped = escaped;
  return scan;
}

function followsDigit(text: string, at: number): boolean {
  if (at === 0) return false;
  const before = text.charCodeAt(at - 1);
  return before >= ZERO && before <= NINE;
}

/** Members in a parsed value, at every depth. Recursive: callers bound the depth first. */
export function countMembers(value: unknown): number {
  if (typeof value !== 'object' || value === null) return 0;
  if (Array.isArray(value)) return value.reduce<number>((sum, item) => sum + countMembers(item), 0);
  const members = Object.values(value);
  return members.reduce<number>((sum, member) => sum + countMembers(member), members.length);
}

/** The first member name that valid JSON `text` repeats inside one object; `undefined` when there is none. */
export function findDuplicateMember(text: string): string | undefined {
  const open: (Set<string> | null)[] = [];
  let lastString = '';
  for (let at = 0; at < text.length; at += 1) {
    const unit = text.charCodeAt(at);
    if (unit === QUOTE) {
      const start = at;
      for (at += 1; text.charCodeAt(at) !== QUOTE; at += 1) {
        if (text.charCodeAt(at) === BACKSLASH) at += 1;
      }
      lastString = text.slice(start, at + 1);
    } else if (unit === OPEN_BRACE) open.push(new Set());
    else if (unit === OPEN_BRACKET) open.push(null);
    else if (unit === CLOSE_BRACE || unit === CLOSE_BRACKET) open.pop();
    else if (unit === COLON) {
      const name = JSON.parse(lastString) as string;
      const names = open.at(-1);
      if (names?.has(name)) return name;
      names?.add(name);
    }
  }
  return undefined;
}
