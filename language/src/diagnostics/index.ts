export * from './diagnostic.js';
export { headline } from './headline.js';
export { LineIndex } from './line-index.js';
