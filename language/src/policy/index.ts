export * from './actions.js';
export * from './bundle.js';
export * from './cedar.js';
export * from './decision.js';
export { type PolicyOptions, parsePolicy } from './parse.js';
export { type PolicyTestCase, parsePolicyTests } from './tests-file.js';
