/** The example cluster of cluster.md, laid out in a temporary folder, and the commands bound to it. */
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { ClusterReport } from 'omnigraph-language';
import {
  applyCluster,
  approveResource,
  type ControlRuntime,
  clusterStatus,
  engineGraphs,
  forceUnlock,
  type GraphOperations,
  type GraphRootReading,
  importCluster,
  planClusterAt,
  refreshCluster,
} from 'omnigraph-server/control';
import { graphLocation, openGraph } from 'omnigraph-server/engine';
import { type ObjectStore, openDiskStore } from 'omnigraph-server/storage';
import { temporaryFolder } from '../../support/temporary-folder.js';

export const FLEET_SCHEMA = 'node Vessel {\n  imo: String @key\n  name: String?\n}\n';
export const FLEET_SCHEMA_WITH_FLAG = 'node Vessel {\n  imo: String @key\n  name: String?\n  flag: String?\n}\n';
export const FLEET_QUERY =
  'query vessel_by_imo($imo: String) {\n  match { $v: Vessel { imo: $imo } }\n  return { $v.name }\n}\n';
export const YARD_SCHEMA = 'node Berth {\n  code: String @key\n}\n';

export const FLEET = '  fleet: { schema: fleet.pg, queries: queries/ }\n';
export const YARD = '  yard: { schema: yard.pg }\n';
export const GATE = 'policies:\n  gate: { file: gate.policy.yaml, applies_to: [fleet] }\n';

/** `version: 1`, graphs and policies; `head` goes before them. */
export const clusterYaml = (graphs: string, policies = GATE, head = ''): string =>
  `version: 1\n${head}graphs:\n${graphs}${policies}`;

export class Harbour {
  readonly dir: string;
  readonly runtime: Partial<ControlRuntime>;

  constructor(dir: string, runtime: Partial<ControlRuntime> = {}) {
    this.dir = dir;
    this.runtime = runtime;
  }

  /** The same cluster seen by a process in another world. */
  with(runtime: Partial<ControlRuntime>): Harbour {
    return new Harbour(this.dir, { ...this.runtime, ...runtime });
  }

  /** The same cluster with some graph operations replaced by broken ones. */
  withGraphs(replaced: Partial<GraphOperations>): Harbour {
    return this.with({ graphs: { ...engineGraphs({}), ...replaced } });
  }

  /** The same cluster with some operations of its store replaced by broken ones. */
  withStore(replaced: (store: ObjectStore) => Partial<ObjectStore>): Harbour {
    return this.with({
      openStore: (root) => {
        const store = openDiskStore(root);
        const broken = replaced(store);
        return new Proxy(store, {
          get: (target, member) => {
            const value = Reflect.get(member in broken ? broken : target, member);
            return typeof value === 'function' && !(member in broken) ? value.bind(target) : value;
          },
        });
      },
    });
  }

  readonly import = () => importCluster(this.#options());
  readonly refresh = () => refreshCluster(this.#options());
  readonly plan = () => planClusterAt(this.#options());
  readonly status = () => clusterStatus(this.#options());
  readonly apply = (actor?: string) => applyCluster({ ...this.#options(), ...(actor !== undefined && { actor }) });
  readonly approve = (resource: string, actor = 'mira') => approveResource({ ...this.#options(), resource, actor });
  readonly forceUnlock = (lockId: string) => forceUnlock({ ...this.#options(), lockId });

  write(file: string, text: string): Promise<void> {
    return writeInto(this.dir, file, text);
  }

  read(file: string): Promise<string> {
    return readFile(path.join(this.dir, file), 'utf8');
  }

  /** Names in a folder, an absent one being empty. */
  async list(folder: string): Promise<readonly string[]> {
    try {
      return (await readdir(path.join(this.dir, folder))).sort();
    } catch {
      return [];
    }
  }

  remove(file: string): Promise<void> {
    return rm(path.join(this.dir, file), { recursive: true });
  }

  readonly ledger = () => this.read('__cluster/state.json');
  readonly sidecars = () => this.list('__cluster/recoveries');

  #options() {
    return { configDir: this.dir, env: {}, runtime: this.runtime };
  }
}

/** A folder with the files of §6 and the given `cluster.yaml`; nothing is stored yet. */
export async function harbour(config = clusterYaml(FLEET)): Promise<Harbour> {
  const dir = await temporaryFolder();
  const files: Readonly<Record<string, string>> = {
    'cluster.yaml': config,
    'fleet.pg': FLEET_SCHEMA,
    'yard.pg': YARD_SCHEMA,
    'queries/fleet.gq': FLEET_QUERY,
    'gate.policy.yaml': 'version: 1\nrules: []\n',
  };
  for (const [file, text] of Object.entries(files)) await writeInto(dir, file, text);
  return new Harbour(dir);
}

/** A harbour in which everything declared is applied. */
export async function appliedHarbour(config = clusterYaml(FLEET)): Promise<Harbour> {
  const cluster = await harbour(config);
  await cluster.import();
  const applied = await cluster.apply();
  if (!applied.converged) throw new Error(`the fixture does not converge: ${codesOf(applied).join(', ')}`);
  return cluster;
}

/** Changes the schema of a live graph behind the cluster's back. */
export async function migrate(cluster: Harbour, graph: string, schema: string): Promise<void> {
  const opened = await engineGraphs({}).open(path.join(cluster.dir, 'graphs', `${graph}.omni`));
  try {
    await opened.applySchema(schema, 'someone');
  } finally {
    await opened.close();
  }
}

/** Loads NDJSON into a live graph, as `omnigraph load` does. */
export async function load(cluster: Harbour, graph: string, source: string): Promise<void> {
  const opened = await openGraph(graphLocation(path.join(cluster.dir, 'graphs', `${graph}.omni`), {}), {
    mode: 'write',
  });
  try {
    await opened.load({ source, mode: 'append', branch: 'main', actor: null });
  } finally {
    await opened.close();
  }
}

/** The real reading of a graph root, with other members where the root opens. */
export const readingAs =
  (replaced: Partial<Extract<GraphRootReading, { kind: 'open' }>>): GraphOperations['read'] =>
  async (root) => {
    const reading = await engineGraphs({}).read(root);
    return reading.kind === 'open' ? { ...reading, ...replaced } : reading;
  };

export const codesOf = (report: ClusterReport): readonly string[] => report.diagnostics.map(({ code }) => code);

export const messagesOf = (report: ClusterReport): string =>
  report.diagnostics.map(({ message, remedy = '' }) => `${message}; ${remedy}`).join('\n');

async function writeInto(dir: string, file: string, text: string): Promise<void> {
  await mkdir(path.dirname(path.join(dir, file)), { recursive: true });
  await writeFile(path.join(dir, file), text);
}
