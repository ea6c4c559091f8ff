/** The example of cluster.md §6, and a config directory made of a map. */
import type { ConfigFolder, FolderEntry, FolderListing, FolderRead } from 'omnigraph-language';

export const FLEET_PG = 'node Vessel {\n  imo: String @key\n  name: String?\n}\n';
export const FLEET_GQ =
  'query vessel_by_imo($imo: String) {\n  match { $v: Vessel { imo: $imo } }\n  return { $v.name }\n}\n';
export const GATE_POLICY = 'version: 1\nrules: []\n';
export const CLUSTER_YAML =
  'version: 1\ngraphs:\n  fleet:\n    schema: fleet.pg\n    queries: queries/\npolicies:\n  gate:\n    file: gate.policy.yaml\n    applies_to: [fleet]\n';

export const FLEET_FILES: Readonly<Record<string, string>> = {
  'cluster.yaml': CLUSTER_YAML,
  'fleet.pg': FLEET_PG,
  'queries/fleet.gq': FLEET_GQ,
  'gate.policy.yaml': GATE_POLICY,
};

/** A folder in memory. A file whose text is `undefined` exists but cannot be read. */
export function memoryFolder(
  files: Readonly<Record<string, string | undefined>>,
  directories: readonly string[] = [],
): ConfigFolder {
  const normal = (path: string): string =>
    path
      .replace(/^(\.\/)+/, '')
      .replace(/\/+$/, '')
      .replace(/^\.$/, '');
  const entriesOf = (directory: string): readonly FolderEntry[] => {
    const prefix = directory === '' ? '' : `${directory}/`;
    const below = [...Object.keys(files), ...directories].filter(
      (path) => path.startsWith(prefix) && path !== directory,
    );
    const names = new Map<string, FolderEntry>();
    for (const path of below) {
      const [name = '', ...rest] = path.slice(prefix.length).split('/');
      const isDirectory = rest.length > 0 || directories.includes(path);
      names.set(name, { name, kind: isDirectory ? 'directory' : 'file' });
    }
    return [...names.values()].reverse();
  };
  return {
    location: 'harbour',
    uri: (path) => path,
    async read(path): Promise<FolderRead> {
      const key = normal(path);
      if (!Object.hasOwn(files, key)) return { kind: 'missing', message: 'no such file' };
      const text = files[key];
      return text === undefined ? { kind: 'unreadable', message: 'permission denied' } : { kind: 'text', text };
    },
    async list(path): Promise<FolderListing> {
      const key = normal(path);
      if (Object.hasOwn(files, key)) return { kind: 'not_a_directory', message: 'not a directory' };
      const entries = entriesOf(key);
      if (key !== '' && entries.length === 0 && !directories.includes(key)) {
        return { kind: 'missing', message: 'no such directory' };
      }
      return { kind: 'entries', entries };
    },
    async realDirectory(path) {
      return directories.includes(path) ? path : undefined;
    },
  };
}
