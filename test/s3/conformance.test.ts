import { randomUUID } from 'node:crypto';
import { openS3Store } from 'omnigraph-server/storage';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { bytesOf, describeObjectStore, textOf } from '../support/object-store-conformance.js';
import { type S3Server, startS3Server } from '../support/s3-server.js';

let server: S3Server;

beforeAll(async () => {
  server = await startS3Server();
  await server.createBucket('bucket');
}, 300_000);

afterAll(() => server.stop());

describeObjectStore('a real S3 server', async () =>
  openS3Store({ bucket: 'bucket', prefix: `run/${randomUUID()}`, env: server.env }),
);

describe('two clients of one bucket', () => {
  const open = (prefix: string) => openS3Store({ bucket: 'bucket', prefix, env: server.env });

  test('race for one lock: exactly one wins', async () => {
    for (let round = 0; round < 10; round += 1) {
      const [left, right] = [open(`race/${round}`), open(`race/${round}`)];
      const won = await Promise.all([
        left.putIfAbsent('lock', bytesOf('left')),
        right.putIfAbsent('lock', bytesOf('right')),
      ]);
      expect(won.filter(Boolean)).toHaveLength(1);
      expect(textOf(await left.read('lock'))).toBe(won[0] ? 'left' : 'right');
    }
  });

  test('deleting a tree of more than a page leaves nothing', async () => {
    const store = open('many');
    const keys = Array.from({ length: 1_100 }, (_, at) => `tree/${at}`);
    for (let at = 0; at < keys.length; at += 50) {
      await Promise.all(keys.slice(at, at + 50).map((key) => store.write(key, bytesOf(key))));
    }
    expect(await store.list('tree')).toHaveLength(keys.length);
    await store.deleteBelow('tree');
    expect(await store.existsBelow('tree')).toBe(false);
  });
});

test('a missing bucket is a failure and not an absent object', async () => {
  const store = openS3Store({ bucket: 'no-such-bucket', prefix: '', env: server.env });
  await expect(store.read('a')).rejects.toThrow('read s3://no-such-bucket/a');
  await expect(store.exists('a')).rejects.toThrow('s3://no-such-bucket/a');
  await expect(store.putIfAbsent('a', bytesOf('x'))).rejects.toThrow('create s3://no-such-bucket/a');
});
