/**
 * Makes a clone ready to run: installs from the lock file when the installed tree is another, builds when a source is
 * newer than the last build. Needs nothing but Node and npm, and does nothing when nothing changed.
 */
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..');
const stamp = (name) => join(root, 'node_modules', '.cache', 'omnigraph', name);
const npm = (...args) =>
  execFileSync('npm', args, { cwd: root, stdio: 'inherit', shell: process.platform === 'win32' });

const lockDigest = createHash('sha256')
  .update(readFileSync(join(root, 'package-lock.json')))
  .digest('hex');
if (readStamp('installed') !== lockDigest && !matchesInstalledTree()) npm('ci', '--no-fund', '--no-audit');
writeStamp('installed', lockDigest);

const builtAt = existsSync(stamp('built')) ? statSync(stamp('built')).mtimeMs : 0;
const outputs = [
  'language/dist/index.js',
  'server/dist/http/index.js',
  'cli/dist/main.js',
  'extension/dist/node/extension.cjs',
];
if (newestSource() > builtAt || outputs.some((output) => !existsSync(join(root, output)))) {
  npm('run', '--silent', 'build');
  writeStamp('built', '');
}

/** A tree that `npm ci` laid for this very lock, seen for the first time here. */
function matchesInstalledTree() {
  const installed = join(root, 'node_modules', '.package-lock.json');
  if (!existsSync(installed)) return false;
  const wanted = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')).packages;
  const present = JSON.parse(readFileSync(installed, 'utf8')).packages;
  return Object.entries(wanted).every(
    ([path, { version, optional, link }]) =>
      path === '' || optional || link || !path.includes('node_modules/') || present[path]?.version === version,
  );
}

function newestSource() {
  const inputs = [
    'package-lock.json',
    'tsconfig.base.json',
    'cli/build.mjs',
    'language/src',
    'server/src',
    'cli/src',
    'extension/src',
    'extension/webview',
    'extension/build.mjs',
  ];
  return Math.max(...inputs.map((path) => newest(join(root, path))));
}

function newest(path) {
  const info = statSync(path);
  if (!info.isDirectory()) return info.mtimeMs;
  // What the build itself writes must not look like a change.
  const entries = readdirSync(path).filter((name) => name !== 'generated');
  return Math.max(info.mtimeMs, ...entries.map((name) => newest(join(path, name))));
}

function readStamp(name) {
  return existsSync(stamp(name)) ? readFileSync(stamp(name), 'utf8') : undefined;
}

function writeStamp(name, content) {
  mkdirSync(dirname(stamp(name)), { recursive: true });
  writeFileSync(stamp(name), content);
}
