/** The canonical form of a `.gq` text. Idempotent; keeps every comment and every meaning. */
import { parseDeclaration } from '../parse-declaration.js';
import { splitDeclarations } from '../split.js';
import { Layout, type Part } from './layout.js';
import { QueryParts } from './query-parts.js';
import { TokenMap } from './token-map.js';

/** A text with a syntax error is returned unchanged. Line ends stay of the kind the text uses. */
export function formatQueries(text: string): string {
  const newline = text.includes('\r\n') ? '\r\n' : '\n';
  const parts: Part[] = [];
  for (const piece of splitDeclarations(text)) {
    const { syntax, problems } = parseDeclaration(piece);
    if (syntax === undefined || problems.length > 0) return text;
    const tokens = new TokenMap(piece.text);
    const layout = new Layout(piece.text, tokens, newline);
    const block = new QueryParts(piece.text, tokens, layout, newline).query(syntax);
    const span = { offset: piece.offset, length: piece.text.length };
    parts.push({ kind: 'rendered', span, text: layout.part(block) });
  }
  const lines = new Layout(text, new TokenMap(text), newline).document(parts);
  return lines.length === 0 ? '' : `${lines.join(newline)}${newline}`;
}
