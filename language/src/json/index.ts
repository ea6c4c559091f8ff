export * from './exact-json.js';
