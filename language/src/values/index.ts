export * from './temporal.js';
export * from './value.js';
