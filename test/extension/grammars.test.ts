import { execFile } from 'node:child_process';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';

const folder = (path: string): string => fileURLToPath(new URL(path, import.meta.url));
const tool = join(
  dirname(createRequire(import.meta.url).resolve('vscode-tmgrammar-test/package.json')),
  'dist',
  'unit.js',
);

/** The assertions stand in the files, below the lines they are about. */
test.each([
  ['schema', 'schema.test.pg'],
  ['query', 'query.test.gq'],
])('the grammar of %s files gives the scopes that %s asks for', async (language, file) => {
  const grammar = folder(`../../extension/syntaxes/${language}.tmLanguage.json`);
  const run = promisify(execFile)(process.execPath, [tool, '-g', grammar, folder(`./grammars/${file}`)]);
  const outcome = await run.then(
    () => 'as asked for',
    (failure: { readonly stdout: string; readonly stderr: string }) => `${failure.stdout}${failure.stderr}`,
  );
  expect(outcome).toBe('as asked for');
});
