/**
 * A cluster as an operator has it: a config directory, and a storage root that is the same directory or a prefix of a
 * bucket. Its commands run either in this process or, where a test kills or races them, as processes of the built CLI.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { cp, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import {
  applyCluster,
  approveResource,
  forceUnlock,
  importCluster,
  readServingState,
  refreshCluster,
} from 'omnigraph-server/control';
import { graphLocation, openGraph } from 'omnigraph-server/engine';
import { type Environment, KILL_VARIABLE, type ObjectStore, openStore } from 'omnigraph-server/storage';
import { onTestFinished } from 'vitest';
import { FLEET, FLEET_QUERY, FLEET_SCHEMA, GATE, YARD, YARD_SCHEMA } from '../server/control/harbour.js';
import { launcher } from './built-cli.js';
import { textOf } from './object-store-conformance.js';

/** Where clusters keep what they store. `newRoot` absent: in the config directory. */
export interface Place {
  readonly env: Readonly<Record<string, string>>;
  newRoot?(): string;
}

export const DISK: Place = { env: {} };

export const ROWS = {
  fleet: [
    '{"type":"Vessel","data":{"imo":"9321483","name":"Emma"}}',
    '{"type":"Vessel","data":{"imo":"9839272","name":"Ever"}}',
  ],
  yard: ['{"type":"Berth","data":{"code":"north"}}'],
} as const;

export type GraphName = keyof typeof ROWS;

const DECLARATIONS: Readonly<Record<GraphName, string>> = { fleet: FLEET, yard: YARD };

export interface ProcessResult {
  readonly code: number | null;
  readonly signal: string | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface RunningProcess {
  readonly child: ChildProcess;
  readonly result: Promise<ProcessResult>;
}

export interface RunOptions {
  /** A kill point, `after_ledger_write#2` say. */
  readonly killAt?: string;
  readonly env?: Readonly<Record<string, string>>;
}

export interface DeclareOptions {
  /** Lines before `graphs`. */
  readonly head?: string;
  readonly policies?: string;
}

export class Deployment {
  readonly dir: string;
  /** Path or URI, as a server is booted from. */
  readonly root: string;
  readonly env: Readonly<Record<string, string>>;
  readonly store: ObjectStore;
  readonly #storageLine: string;

  constructor(dir: string, place: Place, root = place.newRoot?.()) {
    this.dir = dir;
    this.root = root ?? dir;
    this.env = place.env;
    this.store = openStore(this.root, place.env);
    this.#storageLine = root === undefined ? '' : `storage: ${root}\n`;
  }

  /** Writes `cluster.yaml`: these graphs, and policies (by default `gate`, when the fleet is among the graphs). */
  async declare(
    graphs: readonly GraphName[],
    { head = '', policies = graphs.includes('fleet') ? GATE : '' }: DeclareOptions = {},
  ): Promise<void> {
    const declared =
      graphs.length === 0 ? 'graphs: {}\n' : `graphs:\n${graphs.map((name) => DECLARATIONS[name]).join('')}`;
    await this.write('cluster.yaml', `version: 1\n${this.#storageLine}${head}${declared}${policies}`);
  }

  async write(file: string, text: string): Promise<void> {
    await mkdir(path.dirname(path.join(this.dir, file)), { recursive: true });
    await writeFile(path.join(this.dir, file), text);
  }

  readonly import = () => importCluster(this.#options());
  readonly apply = () => applyCluster({ ...this.#options(), actor: 'rune' });
  readonly refresh = () => refreshCluster(this.#options());
  readonly approve = (resource: string) => approveResource({ ...this.#options(), resource, actor: 'mira' });
  readonly serving = () => readServingState({ cluster: this.root, env: this.env });

  /** Runs `omnigraph` on this cluster as a process of its own. */
  run(args: readonly string[], options: RunOptions = {}): Promise<ProcessResult> {
    return this.start(args, options).result;
  }

  start(args: readonly string[], { killAt, env = {} }: RunOptions = {}): RunningProcess {
    const child = spawn(process.execPath, [launcher(), ...args], {
      cwd: this.dir,
      env: {
        ...withoutOwnVariables(process.env),
        OMNIGRAPH_HOME: path.join(this.dir, '.operator'),
        ...this.env,
        ...env,
        ...(killAt !== undefined && { [KILL_VARIABLE]: killAt }),
      },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const output = { stdout: '', stderr: '' };
    child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
      output.stdout += chunk;
    });
    child.stderr.setEncoding('utf8').on('data', (chunk: string) => {
      output.stderr += chunk;
    });
    const result = once(child, 'close').then(([code, signal]): ProcessResult => ({ code, signal, ...output }));
    return { child, result };
  }

  /** Removes a lock that a dead process left, by its id. Resolves to whether there was one. */
  async unlock(): Promise<boolean> {
    const text = await this.text('__cluster/lock.json');
    if (text === undefined) return false;
    const report = await forceUnlock({ ...this.#options(), lockId: JSON.parse(text).lock_id });
    if (!report.ok) throw new Error(`the lock cannot be removed: ${JSON.stringify(report.diagnostics)}`);
    return true;
  }

  text = async (key: string): Promise<string | undefined> => textOf(await this.store.read(key));

  async ledgerText(): Promise<string> {
    const text = await this.text('__cluster/state.json');
    if (text === undefined) throw new Error('there is no ledger');
    return text;
  }

  async ledger() {
    return JSON.parse(await this.ledgerText());
  }

  readonly sidecars = () => this.store.list('__cluster/recoveries');

  async approvals() {
    const names = await this.store.list('__cluster/approvals');
    return Promise.all(names.map(async (name) => JSON.parse((await this.text(`__cluster/approvals/${name}`)) ?? '')));
  }

  async load(graph: GraphName, lines: readonly string[] = ROWS[graph]): Promise<void> {
    const opened = await openGraph(this.#location(graph), { mode: 'write' });
    try {
      await opened.load({ source: `${lines.join('\n')}\n`, mode: 'append', branch: 'main', actor: 'ann' });
    } finally {
      await opened.close();
    }
  }

  /** The exported rows of a graph's head, each reduced to its properties, sorted. */
  async rows(graph: GraphName): Promise<readonly Readonly<Record<string, unknown>>[]> {
    const opened = await openGraph(this.#location(graph), { mode: 'read' });
    try {
      const chunks: Uint8Array[] = [];
      for await (const chunk of opened.export({ branch: 'main', typeNames: [] })) chunks.push(chunk);
      const lines = Buffer.concat(chunks).toString('utf8').split('\n').filter(Boolean).sort();
      return lines.map((line) => {
        const { id: _, ...data } = JSON.parse(line).data;
        return data;
      });
    } finally {
      await opened.close();
    }
  }

  #location(graph: GraphName) {
    return graphLocation(this.store.display(`graphs/${graph}.omni`), this.env);
  }

  #options(): { readonly configDir: string; readonly env: Environment } {
    return { configDir: this.dir, env: this.env };
  }
}

/** The rows every graph was given, as `rows` shows them; a property added since is null. */
export const expectedRows = (graph: GraphName, added: Readonly<Record<string, null>> = {}) =>
  ROWS[graph].map((line) => ({ ...JSON.parse(line).data, ...added }));

/** A config directory with the source files, nothing declared and nothing stored; removed when the test ends. */
export async function deployment(place: Place): Promise<Deployment> {
  const dir = await folder();
  onTestFinished(() => rm(dir, { recursive: true, force: true }));
  const made = new Deployment(dir, place);
  await writeSources(made);
  return made;
}

/** An applied cluster with rows in each of its graphs, kept on disk to be copied into many deployments. */
export interface Template {
  readonly dir: string;
  readonly graphs: readonly GraphName[];
  remove(): Promise<void>;
}

export async function template(graphs: readonly GraphName[]): Promise<Template> {
  const dir = await folder();
  const made = new Deployment(dir, DISK);
  await writeSources(made);
  await made.declare(graphs);
  await made.import();
  const applied = await made.apply();
  if (!applied.converged) throw new Error(`the template does not converge: ${JSON.stringify(applied.diagnostics)}`);
  for (const graph of graphs) await made.load(graph);
  return { dir, graphs, remove: () => rm(dir, { recursive: true, force: true }) };
}

/** A copy of a template in a place. Names and bytes on S3 are those on disk, so its objects are simply carried over. */
export async function deployed(from: Template, place: Place): Promise<Deployment> {
  const dir = await folder();
  onTestFinished(() => rm(dir, { recursive: true, force: true }));
  await cp(from.dir, dir, { recursive: true });
  const made = new Deployment(dir, place);
  if (made.root === dir) return made;
  for (const top of ['__cluster', 'graphs']) {
    const files = (await readdir(path.join(dir, top), { recursive: true, withFileTypes: true })).filter((entry) =>
      entry.isFile(),
    );
    await Promise.all(
      files.map(async (entry) => {
        const file = path.join(entry.parentPath, entry.name);
        await made.store.write(path.relative(dir, file).split(path.sep).join('/'), await readFile(file));
      }),
    );
    await rm(path.join(dir, top), { recursive: true });
  }
  await made.declare(from.graphs);
  // The config digest covers `storage:`, so the moved cluster records another one.
  const settled = await made.apply();
  if (!settled.converged)
    throw new Error(`the moved cluster does not converge: ${JSON.stringify(settled.diagnostics)}`);
  return made;
}

const folder = () => mkdtemp(path.join(tmpdir(), 'omnigraph-'));

async function writeSources(to: Deployment): Promise<void> {
  const files: Readonly<Record<string, string>> = {
    'fleet.pg': FLEET_SCHEMA,
    'yard.pg': YARD_SCHEMA,
    'queries/fleet.gq': FLEET_QUERY,
    'gate.policy.yaml': 'version: 1\nrules: []\n',
  };
  for (const [file, text] of Object.entries(files)) await to.write(file, text);
}

/** Variables of the machine that runs the tests must not steer the processes under test. */
const withoutOwnVariables = (env: Environment): Record<string, string | undefined> =>
  Object.fromEntries(Object.entries(env).filter(([name]) => !/^(OMNIGRAPH|AWS)_/.test(name)));
