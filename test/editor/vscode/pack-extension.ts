import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/** The scenarios install what a user would install, packed from these sources. */
export function setup(): void {
  execFileSync(process.execPath, [fileURLToPath(new URL('../../../extension/package.mjs', import.meta.url))], {
    stdio: 'pipe',
  });
}
