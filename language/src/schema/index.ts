export * from './catalog.js';
export * from './migration-plan.js';
