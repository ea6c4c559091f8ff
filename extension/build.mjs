// Bundles the extension into extension/dist: the client for Node and for browsers, the language server for both, and the
// scripts of the panels. Nothing native goes in; what only `omnigraph apply` needs stays outside.
// `node extension/build.mjs [--dev]`
import { copyFileSync, mkdirSync, rmSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const here = (path) => fileURLToPath(new URL(path, import.meta.url));
const dist = here('./dist');

/** The workspace packages, compiled from their sources, so that no other package has to be built first. */
const workspaceSources = {
  name: 'workspace-sources',
  setup(build) {
    const source = (path) => () => ({ path: here(path), sideEffects: false });
    build.onResolve({ filter: /^omnigraph-language$/ }, source('../language/src/index.ts'));
    build.onResolve({ filter: /^omnigraph-language\/editor$/ }, source('../language/src/editor/index.ts'));
    build.onResolve({ filter: /^omnigraph-server\// }, ({ path }) =>
      source(`../server/src/${path.slice('omnigraph-server/'.length)}/index.ts`)(),
    );
  },
};

/** The engine opens tables; a plan never does, so its native module must not even be looked for. */
const NATIVE = ['@lancedb/lancedb', 'apache-arrow', '@cedar-policy/cedar-wasm/nodejs'];

const common = {
  bundle: true,
  minify: !process.argv.includes('--dev'),
  keepNames: true,
  sourcemap: process.argv.includes('--dev') ? 'linked' : false,
  legalComments: 'none',
  logLevel: 'warning',
  plugins: [workspaceSources],
};

rmSync(dist, { recursive: true, force: true });
await Promise.all([
  build({
    ...common,
    entryPoints: [here('./src/node/extension.ts')],
    outfile: `${dist}/node/extension.cjs`,
    platform: 'node',
    format: 'cjs',
    target: 'node20',
    external: ['vscode'],
  }),
  build({
    ...common,
    entryPoints: { server: here('./src/node/server.ts') },
    outdir: `${dist}/node`,
    outExtension: { '.js': '.mjs' },
    chunkNames: 'chunk-[hash]',
    platform: 'node',
    format: 'esm',
    splitting: true,
    target: 'node20',
    external: NATIVE,
    // Bundled CommonJS packages ask for Node's own modules through `require`.
    banner: {
      js: "import{createRequire as createRequireOfBundle}from'node:module';const require=createRequireOfBundle(import.meta.url);",
    },
  }),
  build({
    ...common,
    entryPoints: [here('./src/browser/extension.ts')],
    outfile: `${dist}/browser/extension.js`,
    platform: 'browser',
    format: 'cjs',
    target: 'es2022',
    external: ['vscode'],
  }),
  build({
    ...common,
    entryPoints: [here('./src/browser/server.ts')],
    outfile: `${dist}/browser/server.js`,
    platform: 'browser',
    format: 'iife',
    target: 'es2022',
  }),
  build({
    ...common,
    entryPoints: ['plan', 'diagram', 'result', 'matrix'].map((name) => here(`./webview/${name}.ts`)),
    outdir: `${dist}/webview`,
    platform: 'browser',
    format: 'iife',
    target: 'es2022',
  }),
]);
mkdirSync(`${dist}/webview`, { recursive: true });
copyFileSync(here('./webview/panel.css'), `${dist}/webview/panel.css`);
