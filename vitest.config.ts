import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

const folder = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

/** Tests run from source: what they import of the packages is not what was built last. */
const resolve = {
  alias: [
    { find: /^omnigraph-language\/editor$/, replacement: folder('./language/src/editor/index.ts') },
    { find: /^omnigraph-language$/, replacement: folder('./language/src/index.ts') },
    { find: /^omnigraph-server\/(.+)$/, replacement: folder('./server/src/$1/index.ts') },
  ],
};

export default defineConfig({
  test: {
    reporters: [process.env.CI === undefined ? 'default' : 'dot', folder('./test/support/counts-reporter.ts')],
    projects: [
      {
        resolve,
        test: {
          name: 'suite',
          include: ['test/**/*.test.ts'],
          exclude: ['**/node_modules/**', 'test/{bench,crash,s3}/**'],
          pool: 'forks',
          // By default one core stays idle.
          maxWorkers: '100%',
          testTimeout: 30_000,
          hookTimeout: 60_000,
        },
      },
      {
        resolve,
        test: {
          // Processes that are killed, and a real S3-compatible server: minutes, so after the rest.
          name: 'slow',
          include: ['test/{crash,s3}/**/*.test.ts'],
          pool: 'forks',
          maxWorkers: 2,
          testTimeout: 120_000,
          hookTimeout: 300_000,
          sequence: { groupOrder: 1 },
        },
      },
      {
        test: {
          // A real VS Code in a real browser: alone on the machine, since people do not wait for it either.
          name: 'vscode',
          include: ['test/editor/vscode/*.scenario.ts'],
          globalSetup: ['test/editor/vscode/pack-extension.ts'],
          pool: 'forks',
          maxWorkers: 1,
          testTimeout: 60_000,
          hookTimeout: 600_000,
          sequence: { groupOrder: 2 },
        },
      },
    ],
  },
});
