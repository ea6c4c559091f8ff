// Bundles the command line into cli/dist: one small entry that answers --help, and chunks that each command loads when
// it runs. Native modules, the Cedar WebAssembly and the AWS SDK stay outside and are resolved at run time.
// `node cli/build.mjs [outdir]`
import { rmSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const here = (path) => fileURLToPath(new URL(path, import.meta.url));
const outdir = process.argv[2] ?? here('./dist');

/** The workspace packages, compiled from their sources, so that no other package has to be built first. */
const workspaceSources = {
  name: 'workspace-sources',
  setup(build) {
    build.onResolve({ filter: /^omnigraph-language\/editor$/ }, () => ({
      path: here('../language/src/editor/index.ts'),
      sideEffects: false,
    }));
    build.onResolve({ filter: /^omnigraph-language$/ }, () => ({
      path: here('../language/src/index.ts'),
      sideEffects: false,
    }));
    build.onResolve({ filter: /^omnigraph-server\// }, ({ path }) => ({
      path: here(`../server/src/${path.slice('omnigraph-server/'.length)}/index.ts`),
      sideEffects: false,
    }));
  },
};

/** commander loads the process spawner for a feature that is not used here; it would cost every start some milliseconds. */
const lazySpawner = {
  name: 'lazy-spawner',
  setup(build) {
    build.onResolve({ filter: /^node:child_process$/ }, ({ importer }) =>
      /[\\/]commander[\\/]lib[\\/]/.test(importer) ? { path: 'spawner', namespace: 'lazy' } : undefined,
    );
    build.onLoad({ filter: /^spawner$/, namespace: 'lazy' }, () => ({
      contents: "exports.spawn = (...args) => require('node:child_process').spawn(...args);",
    }));
  },
};

rmSync(outdir, { recursive: true, force: true });
await build({
  entryPoints: [here('./src/main.ts')],
  outdir,
  bundle: true,
  splitting: true,
  format: 'esm',
  platform: 'node',
  target: 'node20',
  chunkNames: '[name]-[hash]',
  sourcemap: 'linked',
  minifySyntax: true,
  minifyWhitespace: true,
  legalComments: 'none',
  external: ['@lancedb/lancedb', 'apache-arrow', '@aws-sdk/*', '@cedar-policy/*'],
  // Bundled CommonJS packages ask for Node's own modules through `require`.
  banner: {
    js: "import{createRequire as createRequireOfBundle}from'node:module';const require=createRequireOfBundle(import.meta.url);",
  },
  plugins: [workspaceSources, lazySpawner],
  logLevel: 'warning',
});
