import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

const root = fileURLToPath(new URL('../../..', import.meta.url));

/** Real VS Code: minutes, a browser, and the network on first use, so apart from the suite. */
export default defineConfig({
  root,
  test: {
    include: ['test/editor/vscode/*.scenario.ts'],
    pool: 'forks',
    fileParallelism: false,
    // Stations build on each other.
    bail: 1,
    testTimeout: 60_000,
    hookTimeout: 600_000,
  },
});
