/** What both languages are made with: the parser, spans, raw tokens, strings and spelling. */
export { decodeString } from './escapes.js';
export { createParser } from './parser.js';
export { type Span, spanBetween, toRange, type Word } from './span.js';
export { nearest, suggestion } from './suggest.js';
export { scanTokens, type Token, type TokenKind } from './tokens.js';
