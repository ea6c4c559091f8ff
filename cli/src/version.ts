import { readFileSync } from 'node:fs';

/** The version of this package, from the manifest beside the sources and the bundle alike. */
export function packageVersion(): string {
  const manifest: unknown = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'));
  if (typeof manifest === 'object' && manifest !== null && 'version' in manifest) return String(manifest.version);
  throw new Error('package.json of the command line has no version');
}

export const versionLine = (): string => `omnigraph ${packageVersion()}`;
