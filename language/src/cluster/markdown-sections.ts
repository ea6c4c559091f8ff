/**
 * Markdown of a bounded size: a heading and sections of one-line items. Each section gets a fair share of the bytes, so
 * a long one cannot push out those behind it, and says how many of its items are left out.
 */

export interface Section {
  readonly title: string;
  /** Shown at once, or behind a `<details>` to click. */
  readonly isOpen: boolean;
  /** Markdown, without line breaks. A section without lines is left out. */
  readonly lines: readonly string[];
}

/** At most `limit` bytes of UTF-8, with a trailing newline. The heading and the titles must fit. */
export function writeSections(heading: string, sections: readonly Section[], limit: number): string {
  const shown = sections.filter(({ lines }) => lines.length > 0);
  const frames = shown.map((section) => byteLength(framed(section, [rest(section.lines.length)])) + 1);
  let free = limit - byteLength(`${heading}\n`) - frames.reduce((sum, size) => sum + size, 0);
  // Short sections first: what they do not need of their share goes to the longer ones.
  const bySize = shown.map((section) => ({ section, size: sizeOf(section.lines) })).sort((a, b) => a.size - b.size);
  const kept = new Map<Section, readonly string[]>();
  for (const [at, { section }] of bySize.entries()) {
    const lines = fitting(section.lines, Math.floor(free / (bySize.length - at)));
    kept.set(section, lines);
    free -= sizeOf(lines);
  }
  const texts = shown.map((section) => {
    const lines = kept.get(section) ?? [];
    const omitted = section.lines.length - lines.length;
    return framed(section, omitted === 0 ? lines : [...lines, rest(omitted)]);
  });
  return `${[heading, ...texts].join('\n\n')}\n`;
}

const rest = (count: number): string => `- and ${count} more`;

const framed = ({ title, isOpen, lines: all }: Section, lines: readonly string[]): string =>
  isOpen
    ? `**${title}**\n\n${lines.join('\n')}`
    : `<details><summary>${title} (${all.length})</summary>\n\n${lines.join('\n')}\n\n</details>`;

function fitting(lines: readonly string[], bytes: number): readonly string[] {
  let used = 0;
  const end = lines.findIndex((line) => {
    used += byteLength(line) + 1;
    return used > bytes;
  });
  return end === -1 ? lines : lines.slice(0, end);
}

const sizeOf = (lines: readonly string[]): number => lines.reduce((sum, line) => sum + byteLength(line) + 1, 0);

const LONGEST_ITEM = 1_000;

/** A text of at most a thousand characters; an ellipsis says that it goes on. */
export function clip(text: string): string {
  const characters = [...text.slice(0, 2 * LONGEST_ITEM)];
  if (text.length <= LONGEST_ITEM || characters.length <= LONGEST_ITEM) return text;
  return `${characters.slice(0, LONGEST_ITEM - 1).join('')}…`;
}

/** Any text as code on one line: it can start no markup, mention nobody and end no list item. */
export function codeSpan(text: string): string {
  const line = text.replace(/\s*[\r\n\u2028\u2029]+\s*/g, ' ');
  const longestRun = Math.max(0, ...(line.match(/`+/g) ?? []).map((run) => run.length));
  const fence = '`'.repeat(longestRun + 1);
  const pad = longestRun > 0 || line.trim() === '' ? ' ' : '';
  return `${fence}${pad}${line}${pad}${fence}`;
}

/** Of the text in UTF-8. Lone surrogates are written as three bytes. */
function byteLength(text: string): number {
  let bytes = 0;
  for (const character of text) {
    const code = character.codePointAt(0) ?? 0;
    bytes += code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x1_0000 ? 3 : 4;
  }
  return bytes;
}
