/** The language servers we stand beside, installed on first use into a cache outside the workspaces. */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import path from 'node:path';

/** Exact versions: a benchmark that floats cannot be compared with itself. */
const PEERS = {
  '@prisma/language-server': '31.12.10',
  graphql: '16.11.0',
  'graphql-language-service-cli': '3.5.0',
  'yaml-language-server': '1.19.2',
};

/** Gives the path of an executable of one of the peers. */
export function installPeers(): (executable: string) => string {
  const home = path.join(process.env.XDG_CACHE_HOME ?? path.join(homedir(), '.cache'), 'omnigraph', 'bench-lsp');
  const bin = (executable: string): string => path.join(home, 'node_modules', '.bin', executable);
  if (!['prisma-language-server', 'graphql-lsp', 'yaml-language-server'].every((name) => existsSync(bin(name)))) {
    mkdirSync(home, { recursive: true });
    writeFileSync(path.join(home, 'package.json'), JSON.stringify({ private: true, dependencies: PEERS }));
    const output = process.stderr;
    execFileSync('npm', ['install', '--no-fund', '--no-audit'], { cwd: home, stdio: ['ignore', output, output] });
  }
  return bin;
}
