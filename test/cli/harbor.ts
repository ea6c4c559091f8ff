/** The fixtures of cli.md §13: schema S, data D, queries Q, mutation M, and a graph `g.omni` made of them. */
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect } from 'vitest';
import { run } from '../../cli/src/run.js';
import { type CliOptions, type CliResult, environmentOf, omnigraph } from '../support/built-cli.js';
import { temporaryFolder } from '../support/temporary-folder.js';
import { copiesOf } from './copies.js';
import { fakeTerminal } from './fake-terminal.js';

export const SCHEMA = `node Harbor {
  code: String @key
  depth: F64?
}

node Vessel {
  imo: String @key
  name: String
  tonnage: I32?
}

edge CallsAt: Vessel -> Harbor
`;

export const QUERIES = `query vessel_by_imo($imo: String) {
  match { $v: Vessel { imo: $imo } }
  return { $v.name, $v.tonnage }
}

query all_harbors() {
  match { $h: Harbor }
  return { $h.code }
}
`;

export const ADD_VESSEL = 'query add_v($imo: String, $name: String) { insert Vessel { imo: $imo, name: $name } }';

export const DATA = `${[
  { type: 'Harbor', data: { code: 'RTM' } },
  { type: 'Harbor', data: { code: 'OSL', depth: 12.5 } },
  { type: 'Vessel', data: { imo: 'V1', name: 'Aurora', tonnage: 900 } },
  { type: 'Vessel', data: { imo: 'V2', name: 'Borea' } },
  { type: 'Vessel', data: { imo: 'V3', name: 'Cirrus' } },
  { edge: 'CallsAt', from: 'V1', to: 'RTM' },
  { edge: 'CallsAt', from: 'V2', to: 'OSL' },
]
  .map((line) => JSON.stringify(line))
  .join('\n')}\n`;

const FILES: Readonly<Record<string, string>> = {
  'harbor.pg': SCHEMA,
  'fleet.gq': QUERIES,
  'fleet.jsonl': DATA,
};

/** A folder with the three files and no graph. */
export async function harbor(): Promise<string> {
  const folder = await temporaryFolder();
  await writeFiles(folder, FILES);
  return folder;
}

/** The same folder with the loaded graph `g.omni`. */
export const harborWithGraph = copiesOf(async (folder) => {
  await writeFiles(folder, FILES);
  await succeeds(['init', '--schema', 'harbor.pg', 'g.omni'], { cwd: folder });
  await succeeds(['load', '--data', 'fleet.jsonl', '--mode', 'overwrite', 'g.omni'], { cwd: folder });
});

export async function writeFiles(folder: string, files: Readonly<Record<string, string>>): Promise<void> {
  for (const [name, text] of Object.entries(files)) {
    const file = path.join(folder, name);
    await mkdir(path.dirname(file), { recursive: true });
    await writeFile(file, text);
  }
}

/** Runs a command that must succeed. */
export async function succeeds(args: readonly string[], options: CliOptions): Promise<CliResult> {
  const result = await omnigraph(args, options);
  expect(result, `omnigraph ${args.join(' ')}`).toMatchObject({ code: 0 });
  return result;
}

/** What a run must look like. Every fact is a substring; `json` must be contained in the parsed stdout. */
export interface Expected {
  readonly code: number;
  readonly out?: string | readonly string[];
  readonly json?: object;
  readonly err?: readonly string[];
}

/**
 * Runs a command in this process, much quicker than as one of its own, and checks exit code, stdout (nothing unless
 * expected) and stderr. `succeeds` and `omnigraph` run the same commands as users do.
 */
export async function checkRun(args: readonly string[], options: CliOptions, expected: Expected): Promise<CliResult> {
  const result = await runHere(args, options);
  expect({ code: result.code, stderr: result.code === expected.code ? '' : result.stderr }).toEqual({
    code: expected.code,
    stderr: '',
  });
  if (typeof expected.out === 'string') expect(result.stdout).toBe(expected.out);
  else if (expected.out !== undefined) for (const fact of expected.out) expect(result.stdout).toContain(fact);
  else if (expected.json === undefined) expect(result.stdout).toBe('');
  if (expected.json !== undefined) expect(JSON.parse(result.stdout)).toMatchObject(expected.json);
  for (const fact of expected.err ?? []) expect(result.stderr).toContain(fact);
  if (expected.code !== 0 && expected.code !== 4 && expected.err !== undefined)
    expect(result.stderr).toMatch(/Error: /);
  return result;
}

/** Tests of one file run one after the other, each file in a process of its own: the working folder can be changed. */
async function runHere(args: readonly string[], options: CliOptions): Promise<CliResult> {
  const { terminal, output } = fakeTerminal({
    env: environmentOf(options),
    line: (options.stdin ?? '').split('\n')[0] ?? '',
  });
  const before = process.cwd();
  process.chdir(options.cwd);
  try {
    const code = await run(args, terminal);
    return { code, ...output() };
  } finally {
    process.chdir(before);
  }
}

/** Every file below a folder with its content: two equal readings mean nothing was touched. */
export async function contentsOf(folder: string): Promise<ReadonlyMap<string, string>> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile()).map((entry) => path.join(entry.parentPath, entry.name));
  const read = await Promise.all(files.sort().map(async (file) => [file, await readFile(file, 'base64')] as const));
  return new Map(read);
}

/** `query vessel_by_imo` on the graph, without and with its parameter. */
export const VESSEL_QUERY = ['query', 'vessel_by_imo', '--query', 'fleet.gq', '--store', 'g.omni'] as const;
export const vessel = (imo: string, ...rest: readonly string[]) => [
  ...VESSEL_QUERY,
  '--params',
  `{"imo":"${imo}"}`,
  ...rest,
];

/** Mutation M on the graph. */
export const addVessel = (...rest: readonly string[]) => [
  'mutate',
  '-e',
  ADD_VESSEL,
  '--params',
  '{"imo":"V9","name":"Nova"}',
  '--store',
  'g.omni',
  ...rest,
];

/** The shape of a commit object on main by nobody (cli.md §8.4). */
export const COMMIT = {
  graph_commit_id: expect.stringMatching(/^[0-9A-Z]{26}$/),
  graph_branch: null,
  graph_manifest_version: expect.any(Number),
  parent_commit_id: expect.any(String),
  merged_parent_commit_id: null,
  actor_id: null,
  created_at: expect.any(Number),
};
