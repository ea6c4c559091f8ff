/** Semantic tokens on the wire: sorted, cut at line ends, relative to each other, in the client's encoding (LSP 3.17). */
import type { SemanticTokensEdit } from 'vscode-languageserver';
import type { LineIndex } from '../diagnostics/index.js';
import type { PositionCodec } from './positions-encoding.js';
import { type SemanticToken, TOKEN_MODIFIERS, TOKEN_TYPES } from './semantic-tokens.js';

interface Source {
  readonly text: string;
  readonly lines: LineIndex;
}

/** Five numbers per token. Of tokens that overlap, the one that starts first stays. */
export function encodeTokens(
  tokens: readonly SemanticToken[],
  { text, lines }: Source,
  codec: PositionCodec,
): number[] {
  const data: number[] = [];
  let [lastLine, lastCharacter, end] = [0, 0, 0];
  for (const token of [...tokens].sort((a, b) => a.offset - b.offset)) {
    if (token.offset < end) continue;
    end = token.offset + token.length;
    for (const piece of piecesOf(token, text)) {
      const { line, character } = lines.position(piece.offset);
      const lineStart = piece.offset - character;
      const column = codec.length(text.slice(lineStart, piece.offset));
      const length = codec.length(text.slice(piece.offset, piece.offset + piece.length));
      data.push(line - lastLine, line === lastLine ? column - lastCharacter : column, length);
      data.push(TOKEN_TYPES.indexOf(token.type), modifierBits(token));
      [lastLine, lastCharacter] = [line, column];
    }
  }
  return data;
}

/** The one edit that turns the numbers sent before into these. */
export function tokenEdits(before: readonly number[], after: readonly number[]): readonly SemanticTokensEdit[] {
  let start = 0;
  while (start < before.length && start < after.length && before[start] === after[start]) start += 1;
  let common = 0;
  const most = Math.min(before.length, after.length) - start;
  while (common < most && before[before.length - 1 - common] === after[after.length - 1 - common]) common += 1;
  const deleteCount = before.length - start - common;
  const data = after.slice(start, after.length - common);
  return deleteCount === 0 && data.length === 0 ? [] : [{ start, deleteCount, data }];
}

/** A token over several lines, line by line: few clients take it whole. */
function piecesOf({ offset, length }: SemanticToken, text: string): readonly { offset: number; length: number }[] {
  const pieces: { offset: number; length: number }[] = [];
  const end = offset + length;
  for (let at = offset; at < end; ) {
    const lineFeed = text.indexOf('\n', at);
    const stop = lineFeed === -1 ? end : Math.min(end, lineFeed);
    const visible = text.charAt(stop - 1) === '\r' && stop > at ? stop - 1 : stop;
    if (visible > at) pieces.push({ offset: at, length: visible - at });
    at = stop + 1;
  }
  return pieces;
}

const modifierBits = ({ modifiers = [] }: SemanticToken): number =>
  modifiers.reduce((bits, modifier) => bits | (1 << TOKEN_MODIFIERS.indexOf(modifier)), 0);
