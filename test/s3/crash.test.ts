import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll } from 'vitest';
import { describeCrashMatrix } from '../support/crash-matrix.js';
import { type S3Server, startS3Server } from '../support/s3-server.js';
import { isFullProfile } from '../support/test-profile.js';

let server: S3Server;

beforeAll(async () => {
  server = await startS3Server();
  await server.createBucket('clusters');
}, 300_000);

afterAll(() => server.stop());

// Each point takes seconds here; the same suite tries every one of them on disk.
const every = isFullProfile ? 1 : 4;

describeCrashMatrix('S3', () => ({ env: server.env, newRoot: () => `s3://clusters/${randomUUID()}` }), { every });
