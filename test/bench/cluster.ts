/**
 * The control plane on a cluster of 100 graphs with 20 queries each (`--graphs`, `--queries` change that): time, storage
 * requests and bytes of plan and apply when nothing, one thing and ten things changed. With `--s3` also on a real S3
 * server on loopback.
 */
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import type { ClusterReport } from 'omnigraph-language';
import { applyCluster, importCluster, planClusterAt } from 'omnigraph-server/control';
import { type Environment, openStore } from 'omnigraph-server/storage';
import { startS3Server } from '../support/s3-server.js';
import { countingStore, type StorageCount } from './counting-store.js';
import { Bench } from './harness.js';

const { values: flags } = parseArgs({
  options: {
    graphs: { type: 'string', default: '100' },
    queries: { type: 'string', default: '20' },
    samples: { type: 'string', default: '3' },
    s3: { type: 'boolean', default: false },
    json: { type: 'boolean', default: false },
  },
});
const [graphs, queries, samples] = [Number(flags.graphs), Number(flags.queries), Number(flags.samples)];

const idOf = (graph: number): string => `graph-${String(graph).padStart(3, '0')}`;

class FleetOfGraphs {
  readonly #dir: string;
  readonly #env: Environment;
  #edits = 0;

  constructor(dir: string, env: Environment) {
    this.#dir = dir;
    this.#env = env;
  }

  async declare(storage: string | undefined): Promise<void> {
    const declared = Array.from({ length: graphs }, (_, at) => {
      const id = idOf(at);
      return `  ${id}: { schema: ${id}/schema.pg, queries: ${id}/queries/ }\n`;
    });
    const root = storage === undefined ? '' : `storage: ${storage}\n`;
    await writeFile(path.join(this.#dir, 'cluster.yaml'), `version: 1\n${root}graphs:\n${declared.join('')}`);
    for (let graph = 0; graph < graphs; graph++) {
      await mkdir(path.join(this.#dir, idOf(graph), 'queries'), { recursive: true });
      await this.editSchema(graph);
      for (let query = 0; query < queries; query++) await this.editQuery(graph, query);
    }
  }

  /** The same declarations with a comment that was never there. */
  editQuery(graph: number, query: number): Promise<void> {
    return this.#write(`${idOf(graph)}/queries/q${query}.gq`, queryText(query));
  }

  editSchema(graph: number): Promise<void> {
    return this.#write(`${idOf(graph)}/schema.pg`, SCHEMA);
  }

  plan(count: StorageCount): Promise<ClusterReport> {
    return planClusterAt(this.#options(count));
  }

  apply(count: StorageCount): Promise<ClusterReport> {
    return applyCluster(this.#options(count));
  }

  import(count: StorageCount): Promise<ClusterReport> {
    return importCluster(this.#options(count));
  }

  #write(file: string, text: string): Promise<void> {
    this.#edits += 1;
    return writeFile(path.join(this.#dir, file), `// edit ${this.#edits}\n${text}`);
  }

  #options(count: StorageCount) {
    return {
      configDir: this.#dir,
      env: this.#env,
      runtime: { openStore: (root: string) => countingStore(openStore(root, this.#env), count) },
    };
  }
}

const SCHEMA = `node Vessel {
  imo: String @key
  name: String?
  flag: String? @index
  built: Date?
  length: F64?
}
node Port { code: String @key  name: String }
edge Calls: Vessel -> Port { at: DateTime? }
`;

const queryText = (query: number): string => `query calls_${query}($imo: String, $least: F64) {
  match {
    $v: Vessel { imo: $imo }
    $v calls $p
    $v.length >= $least
  }
  return { $v.name, $p.code, $p.name as port }
  order { $p.code asc }
  limit ${query + 1}
}
`;

async function measure(bench: Bench, where: string, env: Environment, storage?: string): Promise<void> {
  const dir = await mkdtemp(path.join(tmpdir(), 'omnigraph-bench-'));
  try {
    const fleet = new FleetOfGraphs(dir, env);
    await fleet.declare(storage);
    await succeed(fleet.import(newCount()));
    await record(
      bench,
      `${where}: first apply`,
      1,
      async () => {},
      (count) => fleet.apply(count),
    );

    const editQueries = async (changes: number): Promise<void> => {
      for (let at = 0; at < changes; at++) await fleet.editQuery((at * 7) % graphs, at % queries);
    };
    const editSchemas = async (changes: number): Promise<void> => {
      for (let at = 0; at < changes; at++) await fleet.editSchema((at * 7) % graphs);
    };
    for (const changes of [0, 1, 10]) {
      const what = changes === 0 ? 'nothing changed' : `${changes} changed ${changes === 1 ? 'query' : 'queries'}`;
      await record(
        bench,
        `${where}: plan, ${what}`,
        samples,
        () => editQueries(changes),
        (count) => fleet.plan(count),
      );
      await record(
        bench,
        `${where}: apply, ${what}`,
        samples,
        () => editQueries(changes),
        (count) => fleet.apply(count),
      );
    }
    for (const changes of [1, 10]) {
      const what = `${changes} changed ${changes === 1 ? 'schema' : 'schemas'}`;
      await record(
        bench,
        `${where}: plan, ${what}`,
        samples,
        () => editSchemas(changes),
        (count) => fleet.plan(count),
      );
      await succeed(fleet.apply(newCount()));
    }
  } finally {
    await rm(dir, { recursive: true, force: true });
  }
}

async function record(
  bench: Bench,
  name: string,
  times: number,
  prepare: () => Promise<void>,
  action: (count: StorageCount) => Promise<ClusterReport>,
): Promise<void> {
  const durations: number[] = [];
  const counts: StorageCount[] = [];
  for (let run = 0; run < times; run++) {
    await prepare();
    const count = newCount();
    const start = performance.now();
    await succeed(action(count));
    durations.push(performance.now() - start);
    counts.push(count);
  }
  bench.record(name, 'ms', durations);
  bench.record(
    `${name}: storage requests`,
    'requests',
    counts.map(({ requests }) => requests),
  );
  bench.record(
    `${name}: storage bytes`,
    'bytes',
    counts.map(({ bytes }) => bytes),
  );
}

async function succeed(running: Promise<ClusterReport>): Promise<void> {
  const report = await running;
  const problem = report.diagnostics.find(({ severity }) => severity === 'error');
  if (problem !== undefined) throw new Error(`${report.command}: ${problem.code} ${problem.message}`);
}

const newCount = (): StorageCount => ({ requests: 0, bytes: 0 });

const bench = new Bench(`control plane, ${graphs} graphs with ${queries} queries each`);
await measure(bench, 'disk', {});
if (flags.s3) {
  const server = await startS3Server();
  try {
    await server.createBucket('bench');
    await measure(bench, 's3', server.env, 's3://bench/fleet');
  } finally {
    await server.stop();
  }
}
bench.report();
