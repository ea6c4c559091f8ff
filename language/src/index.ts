export * from './cluster/index.js';
export * from './diagnostics/index.js';
export * from './json/index.js';
export { type Span, scanTokens, type Token, type Word } from './lexis/index.js';
export * from './policy/index.js';
export * from './query/index.js';
export * from './schema/index.js';
export * from './values/index.js';
