// Packs the extension: extension/dist/omnigraph.vsix. `node extension/package.mjs`
import { execFileSync } from 'node:child_process';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';

const folder = fileURLToPath(new URL('.', import.meta.url));
await import('./build.mjs');
const vsce = createRequire(import.meta.url).resolve('@vscode/vsce/vsce');
const args = [
  'package',
  '--no-dependencies',
  '--allow-missing-repository',
  '--skip-license',
  '--out',
  'dist/omnigraph.vsix',
];
execFileSync(process.execPath, [vsce, ...args], { cwd: folder, stdio: 'inherit' });
