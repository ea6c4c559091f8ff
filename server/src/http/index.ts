export { buildApp } from './app.js';
export { type BootOptions, bootServer, type RunningServer } from './boot.js';
