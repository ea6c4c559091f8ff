/** What can be done to a stored document, and every command that may meet it. */
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import type { ClusterReport, Diagnostic } from 'omnigraph-language';
import { clusterGraph, collectGarbage, readServingState, validateCluster } from 'omnigraph-server/control';
import type { Harbour } from './harbour.js';

export const COMMANDS = [
  'validate',
  'graph',
  'plan',
  'apply',
  'approve',
  'status',
  'refresh',
  'import',
  'gc',
  'force-unlock',
] as const;

export type Command = (typeof COMMANDS)[number];

export function runCommand(cluster: Harbour, command: Command): Promise<ClusterReport> {
  const options = { configDir: cluster.dir, env: {}, runtime: cluster.runtime };
  switch (command) {
    case 'validate':
      return validateCluster(options);
    case 'graph':
      return clusterGraph(options);
    case 'plan':
      return cluster.plan();
    case 'apply':
      return cluster.apply();
    case 'approve':
      return cluster.approve('graph.yard');
    case 'status':
      return cluster.status();
    case 'refresh':
      return cluster.refresh();
    case 'import':
      return cluster.import();
    case 'gc':
      // A year later and confirmed: whatever gc might ever take away, it takes now.
      return collectGarbage({
        ...options,
        runtime: { ...cluster.runtime, now: () => new Date(Date.now() + 365 * 86_400_000) },
        confirm: true,
      });
    case 'force-unlock':
      return cluster.forceUnlock('01JHELD');
    default:
      return command satisfies never;
  }
}

/** Codes that refuse boot; empty when it would be served. */
export async function bootCodes(cluster: Harbour): Promise<readonly string[]> {
  const reading = await readServingState({ cluster: cluster.dir, env: {}, runtime: cluster.runtime });
  return reading.kind === 'refused' ? reading.errors.map(({ code }) => code) : [];
}

/** Every file with its bytes, by path relative to the cluster. */
export async function filesOf(cluster: Harbour): Promise<ReadonlyMap<string, string>> {
  const entries = await readdir(cluster.dir, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile()).map((entry) => path.join(entry.parentPath, entry.name));
  const read = files.sort().map(async (file): Promise<[string, string]> => {
    return [path.relative(cluster.dir, file), (await readFile(file)).toString('latin1')];
  });
  return new Map(await Promise.all(read));
}

/** Files that differ, appeared or went. */
export const changedFiles = (
  before: ReadonlyMap<string, string>,
  after: ReadonlyMap<string, string>,
): readonly string[] =>
  [...new Set([...before.keys(), ...after.keys()])].filter((file) => before.get(file) !== after.get(file)).sort();

/** A diagnostic that a person can use: it says where, and what is wrong. */
export const isClear = ({ code, path: at, message }: Diagnostic): boolean =>
  code !== '' &&
  at !== undefined &&
  at !== '' &&
  message.length > 10 &&
  !/(?<!found )undefined|\[object|^\s*at /m.test(message);

export type Tampering = readonly [name: string, change: (text: string) => string];

const edited =
  (edit: (document: Record<string, unknown>) => void): ((text: string) => string) =>
  (text) => {
    const document = JSON.parse(text);
    edit(document);
    return JSON.stringify(document);
  };

export const withMember = (name: string, value: unknown): ((text: string) => string) =>
  edited((document) => {
    document[name] = value;
  });

/** What leaves no JSON at all. */
export const TORN: readonly Tampering[] = [
  ['emptied', () => ''],
  ['truncated at once', (text) => text.slice(0, 1)],
  ['truncated in the middle', (text) => text.slice(0, Math.floor(text.length / 2))],
  ['truncated before its last brace', (text) => text.trimEnd().slice(0, -1)],
  ['overwritten with zeros', (text) => '\0'.repeat(text.length)],
  ['with bytes that are no UTF-8', (text) => `${text}\ufffe`.replace('\ufffe', '\u00ff')],
];

/** JSON, but not this document. */
export const REFUSED: readonly Tampering[] = [
  ['replaced by null', () => 'null'],
  ['replaced by a list', () => '[]'],
  ['replaced by an empty object', () => '{}'],
  ['with an unknown field', withMember('surprise', true)],
  ['with an unknown field called __proto__', (text) => text.replace('{', '{"__proto__": {"a": 1},')],
];
