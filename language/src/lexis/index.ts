/** What both languages are written in: spans, raw tokens, strings and spelling. */
export { decodeString } from './escapes.js';
export { type Span, spanBetween, toRange, type Word } from './span.js';
export { nearest, suggestion } from './suggest.js';
export { scanTokens, type Token, type TokenKind } from './tokens.js';
