import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll } from 'vitest';
import { describeCrashMatrix } from '../support/crash-matrix.js';
import { describeKilledWrites } from '../support/killed-writes.js';
import { type S3Server, startS3Server } from '../support/s3-server.js';
import { isFullProfile } from '../support/test-profile.js';

let server: S3Server;

beforeAll(async () => {
  server = await startS3Server();
  await server.createBucket('clusters');
}, 300_000);

afterAll(() => server.stop());

const place = () => ({ env: server.env, newRoot: () => `s3://clusters/${randomUUID()}` });

// Each point takes seconds here; the same suites try every one of them on disk.
describeCrashMatrix('S3', place, { every: isFullProfile ? 1 : 5 });
describeKilledWrites('S3', place, { every: isFullProfile ? 1 : 2, moments: isFullProfile ? 20 : 1 });
