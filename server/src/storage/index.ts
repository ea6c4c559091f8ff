export { openDiskStore } from './disk-store.js';
export { byCodeUnit } from './keys.js';
export { KILL_POINTS, KILL_VARIABLE, type KillPoint } from './kill-points.js';
export { openMemoryStore } from './memory-store.js';
export * from './object-store.js';
export { openStore, parseStorageRoot, type StorageRoot } from './root.js';
export { type Environment, type S3Settings, s3Settings } from './s3-environment.js';
export { openS3Store, type S3Location } from './s3-store.js';
