import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { buildApp } from 'omnigraph-server/http';
import pino from 'pino';
import { expect, test } from 'vitest';
import { openAdmission } from '../../../server/src/http/admission.js';

const SERVER = fileURLToPath(new URL('../../../server/', import.meta.url));

/** Clients are generated from the committed document, so it may not drift from the routes (server.md §12). */
test('the committed OpenAPI document is the one the routes give', async () => {
  const { version } = JSON.parse(readFileSync(`${SERVER}package.json`, 'utf8')) as { version: string };
  const app = await buildApp(
    {
      version,
      state: 'policy-enabled',
      tokens: { size: 1, actorOf: () => undefined },
      serverGate: { engine: undefined },
      graphs: new Map(),
      admission: openAdmission({ inFlight: 1, bytes: 1 }),
    },
    pino({ level: 'silent' }),
  );
  await expect(`${JSON.stringify(app.swagger(), null, 2)}\n`).toMatchFileSnapshot(`${SERVER}openapi.json`);
  await app.close();
});
