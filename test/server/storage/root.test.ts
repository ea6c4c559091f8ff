import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { openStore, parseStorageRoot, StorageError, s3Settings } from 'omnigraph-server/storage';
import { expect, test } from 'vitest';
import { temporaryFolder } from '../../support/temporary-folder.js';

test.each([
  ['s3://bucket', { kind: 's3', bucket: 'bucket', prefix: '' }],
  ['S3://bucket/a/b/', { kind: 's3', bucket: 'bucket', prefix: 'a/b' }],
  ['file:///srv/a%20b', { kind: 'disk', directory: '/srv/a b' }],
  ['/srv/cluster', { kind: 'disk', directory: '/srv/cluster' }],
  ['relative/dir', { kind: 'disk', directory: 'relative/dir' }],
])('reads %s', (root, expected) => {
  expect(parseStorageRoot(root)).toEqual(expected);
});

test.each([
  ['', 'it is empty'],
  ['s3://', 'the bucket is missing'],
  ['s3:///a', 'the bucket is missing'],
  ['s3://bucket/a?x=1', 'a query or fragment'],
  ['s3://bucket/a//b', 'the prefix holds an empty'],
  ['s3://bucket/../b', 'the prefix holds an empty'],
  ['gs://bucket', 'gs:// is not supported'],
  ['file://elsewhere/srv', 'host'],
])('refuses %j: %s', (root, reason) => {
  expect(() => parseStorageRoot(root)).toThrow(StorageError);
  expect(() => parseStorageRoot(root)).toThrow(reason);
});

test('a refusal never repeats credentials', () => {
  expect(() => parseStorageRoot('s3://key:secret@bucket')).toThrow(/environment/);
  expect(() => parseStorageRoot('s3://key:secret@bucket')).not.toThrow(/secret/);
});

test('a path and its file URL are the same store', async () => {
  const folder = path.join(await temporaryFolder(), 'with blank');
  await openStore(pathToFileURL(folder).href, {}).write('a', new Uint8Array([1]));
  expect(await openStore(folder, {}).read('a')).toEqual(new Uint8Array([1]));
});

test.each([
  [{}, { region: 'us-east-1', forcePathStyle: false }],
  [
    { AWS_ENDPOINT_URL: 'https://a', AWS_ENDPOINT_URL_S3: 'http://b', AWS_S3_FORCE_PATH_STYLE: 'on', AWS_REGION: 'r' },
    { region: 'r', endpoint: 'http://b', forcePathStyle: true },
  ],
  [
    { AWS_ENDPOINT_URL: 'localhost:9000', AWS_ALLOW_HTTP: 'TRUE' },
    { region: 'us-east-1', endpoint: 'http://localhost:9000', forcePathStyle: false },
  ],
  [
    { AWS_ENDPOINT_URL: 'localhost:9000', AWS_ALLOW_HTTP: 'no' },
    { region: 'us-east-1', endpoint: 'https://localhost:9000', forcePathStyle: false },
  ],
  [
    { AWS_ACCESS_KEY_ID: 'k', AWS_SECRET_ACCESS_KEY: 's', AWS_SESSION_TOKEN: 't' },
    {
      region: 'us-east-1',
      forcePathStyle: false,
      credentials: { accessKeyId: 'k', secretAccessKey: 's', sessionToken: 't' },
    },
  ],
])('takes S3 settings from the environment %j', (env, settings) => {
  expect(s3Settings(env)).toEqual(settings);
});

test('an unusable endpoint is refused when the store is opened', () => {
  expect(() => openStore('s3://bucket', { AWS_ENDPOINT_URL: 'ftp://x' })).toThrow(
    'AWS_ENDPOINT_URL is not an http:// or https:// URL',
  );
});
