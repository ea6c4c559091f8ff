import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll } from 'vitest';
import { describeApplyRaces } from '../support/apply-races.js';
import { type S3Server, startS3Server } from '../support/s3-server.js';

let server: S3Server;

beforeAll(async () => {
  server = await startS3Server();
  await server.createBucket('clusters');
}, 300_000);

afterAll(() => server.stop());

describeApplyRaces('S3', () => ({ env: server.env, newRoot: () => `s3://clusters/${randomUUID()}` }), { racers: 20 });
