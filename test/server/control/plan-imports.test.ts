/** Nothing that validates, plans, reports or boots loads the native engine (design invariant 4). */
import { fileURLToPath } from 'node:url';
import { build, type Metafile } from 'esbuild';
import { expect, test } from 'vitest';

const NATIVE = ['@lancedb/lancedb', 'apache-arrow'];

test('the control plane imports no native module until a graph is created or migrated', async () => {
  const root = fileURLToPath(new URL('../../../', import.meta.url));
  const { metafile } = await build({
    entryPoints: [`${root}server/src/control/index.ts`],
    alias: { 'omnigraph-language': `${root}language/src/index.ts` },
    absWorkingDir: root,
    bundle: true,
    packages: 'external',
    format: 'esm',
    platform: 'node',
    write: false,
    metafile: true,
    logLevel: 'silent',
  });
  const loaded = packagesLoadedBy('server/src/control/index.ts', metafile);
  expect(loaded).toContain('yaml');
  expect(loaded.filter((name) => NATIVE.includes(name))).toEqual([]);
});

/** Packages that importing a file loads: what its static imports reach, dynamic ones left alone. */
function packagesLoadedBy(entry: string, { inputs }: Metafile): readonly string[] {
  const packages = new Set<string>();
  const seen = new Set<string>();
  const visit = (file: string): void => {
    if (seen.has(file)) return;
    seen.add(file);
    for (const imported of inputs[file]?.imports ?? []) {
      if (imported.kind === 'dynamic-import') continue;
      if (imported.external) packages.add(imported.path);
      else visit(imported.path);
    }
  };
  visit(entry);
  return [...packages];
}
