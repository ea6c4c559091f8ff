/** The comment that stands right above a declaration or a property: what its author says about it. */
import type { LineIndex } from '../../diagnostics/index.js';
import { isComment, type QueryToken, queryTokens } from './tokens.js';

interface Commented {
  readonly text: string;
  readonly lines: LineIndex;
}

/** Lines of comment that end on the line above `offset` without a blank one between; `from`: where to begin reading. */
export function commentAbove({ text, lines }: Commented, from: number, offset: number): string | undefined {
  const said: string[] = [];
  let line = lines.position(offset).line;
  for (const token of [...queryTokens(text.slice(from, offset))].reverse()) {
    const first = lines.position(from + token.offset).line;
    const last = lines.position(from + token.offset + token.text.length).line;
    if (first >= line && !isComment(token)) continue;
    if (!isComment(token) || !token.startsLine || last !== line - 1) break;
    said.unshift(saidIn(token));
    line = first;
  }
  const comment = said.join('\n').trim();
  return comment === '' ? undefined : comment;
}

/** Without its marks; a line that only draws is left out. */
function saidIn({ kind, text }: QueryToken): string {
  const inner = kind === 'line-comment' ? text.slice(2) : text.slice(2, text.endsWith('*/') ? -2 : undefined);
  return inner
    .split('\n')
    .map((line) => line.trim().replace(/^\*+ ?/, ''))
    .filter((line) => line === '' || /[\p{L}\p{N}]/u.test(line))
    .join('\n');
}
