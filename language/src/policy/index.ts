export * from './actions.js';
export * from './bundle.js';
export * from './cedar.js';
export * from './decision.js';
export * from './evaluate.js';
export {
  type PolicyOptions,
  type PolicySource,
  parsePolicy,
  parsePolicySource,
  type WrittenBundle,
  type WrittenRule,
} from './parse.js';
export { type PolicyTestCase, parsePolicyTests } from './tests-file.js';
