/** Runs a benchmark from its TypeScript source: `node test/bench/run.mjs engine [--json]`. */
import { mkdtemp, rm } from 'node:fs/promises';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build } from 'esbuild';

const [name = ''] = process.argv.splice(2, 1);
const root = fileURLToPath(new URL('../../', import.meta.url));
// Inside the repository, so that packages left out of the bundle are found from it.
const folder = await mkdtemp(`${root}node_modules/.bench-`);
try {
  const outfile = `${folder}/${name}.mjs`;
  await build({
    entryPoints: [`${root}test/bench/${name}.ts`],
    outfile,
    bundle: true,
    platform: 'node',
    format: 'esm',
    tsconfig: `${root}tsconfig.check.json`,
    packages: 'external',
    logLevel: 'error',
  });
  await import(pathToFileURL(outfile).href);
} finally {
  await rm(folder, { recursive: true, force: true });
}
