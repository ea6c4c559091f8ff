import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

const folder = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

export default defineConfig({
  resolve: {
    alias: [
      { find: /^omnigraph-language\/editor$/, replacement: folder('./language/src/editor/index.ts') },
      { find: /^omnigraph-language$/, replacement: folder('./language/src/index.ts') },
      { find: /^omnigraph-server\/(.+)$/, replacement: folder('./server/src/$1/index.ts') },
    ],
  },
  test: {
    include: ['test/**/*.test.ts'],
    exclude: ['**/node_modules/**', 'test/bench/**'],
    reporters: [process.env.CI === undefined ? 'default' : 'dot', folder('./test/support/counts-reporter.ts')],
    pool: 'forks',
    testTimeout: 30_000,
    hookTimeout: 60_000,
  },
});
