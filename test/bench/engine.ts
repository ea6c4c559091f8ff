/**
 * The engine in process, on local disk: 100,000 nodes and 500,000 edges (`--nodes`, `--edges` change that). Seeds are
 * fixed, so two runs ask the same questions.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { bindParams, type CheckedQuery, compileQueries, exactFromPlain } from 'omnigraph-language';
import { type Graph, graphLocation, initGraph, openGraph } from 'omnigraph-server/engine';
import { Bench, peakMemory } from './harness.js';

const SCHEMA = `
node Person { handle: String @key  name: String  age: I32  bio: String }
edge Follows: Person -> Person { since: Date? }
`;

const QUERIES = `
query lookup($h: String) { match { $p: Person { handle: $h } } return { $p.name, $p.age } }
query two_hops($h: String) {
  match { $p: Person { handle: $h } $p follows $a $a follows $b } return { count($b) as n }
}
query three_hops($h: String) {
  match { $p: Person { handle: $h } $p follows $a $a follows $b $b follows $c } return { count($c) as n }
}
query within_three($h: String) { match { $p: Person { handle: $h } $p follows{1,3} $b } return { count($b) as n } }
query all_three_hops() { match { $p: Person $p follows $a $a follows $b $b follows $c } return { count($c) as n } }
query oldest() { match { $p: Person $p.age > 30 } return { $p.name, $p.age } order { $p.age desc } limit 10 }
query by_age() { match { $p: Person } return { $p.age, count($p) as n } order { n desc } limit 10 }
query unfollowed() { match { $p: Person not { $q follows $p } } return { count($p) as n } }
query words() { match { $p: Person search($p.bio, "gardening") } return { count($p) as n } }
query rename($h: String, $n: String) { update Person set { name: $n } where handle = $h }
`;

const { values: flags } = parseArgs({
  options: {
    nodes: { type: 'string', default: '100000' },
    edges: { type: 'string', default: '500000' },
    json: { type: 'boolean', default: false },
  },
});
const [nodes, edges] = [Number(flags.nodes), Number(flags.edges)];

async function measure(root: string): Promise<void> {
  const bench = new Bench(`engine, ${nodes} nodes, ${edges} edges`);
  const location = graphLocation(path.join(root, 'people.omni'), process.env);
  await initGraph(location, { schemaSource: SCHEMA, actor: null });
  const graph = await openGraph(location, { mode: 'write' });
  await bench.time('load nodes', () => load(graph, personLines()), { samples: 1, warmUp: 0 });
  await bench.time('load edges', () => load(graph, followsLines()), { samples: 1, warmUp: 0 });

  const cold = await openGraph(location, { mode: 'read' });
  await bench.time('first key lookup', () => ask(cold, 'lookup', { h: handle(7) }), { samples: 1, warmUp: 0 });
  await bench.time('first 3-hop count', () => ask(cold, 'three_hops', { h: handle(7) }), { samples: 1, warmUp: 0 });
  await bench.time('first count of all 3-hop paths (loads tables)', () => ask(cold, 'all_three_hops'), {
    samples: 1,
    warmUp: 0,
  });
  await cold.close();

  const random = generator(11);
  const anyone = () => ({ h: handle(Math.floor(random() * nodes)) });
  const often = { samples: 500, warmUp: 50 };
  await bench.time('key lookup', () => ask(graph, 'lookup', anyone()), often);
  await bench.time('2-hop count', () => ask(graph, 'two_hops', anyone()), often);
  await bench.time('3-hop count', () => ask(graph, 'three_hops', anyone()), often);
  await bench.time('nodes within 3 hops', () => ask(graph, 'within_three', anyone()), often);
  const seldom = { samples: 10, warmUp: 1 };
  await bench.time('count of all 3-hop paths', () => ask(graph, 'all_three_hops'), seldom);
  await bench.time('filter, order, top 10', () => ask(graph, 'oldest'), seldom);
  await bench.time('group, order, top 10', () => ask(graph, 'by_age'), seldom);
  await bench.time('anti-join', () => ask(graph, 'unfollowed'), seldom);
  await bench.time('text search', () => ask(graph, 'words'), seldom);
  await bench.time('one-row update', (run) => change(graph, run), seldom);
  const afterWrite: number[] = [];
  for (let run = 0; run < 10; run++) {
    await change(graph, run);
    const start = performance.now();
    await ask(graph, 'three_hops', anyone());
    afterWrite.push(performance.now() - start);
  }
  bench.record('3-hop count right after a write', 'ms', afterWrite);
  await graph.close();
  bench.record('peak memory', 'MiB', [peakMemory()]);
  bench.report();
}

async function ask(graph: Graph, name: string, json: Readonly<Record<string, string>> = {}): Promise<void> {
  const { plan, params } = bound(graph, name, json);
  if (plan.kind !== 'read') throw new Error(`${name} is not a read`);
  const { rowCount } = await graph.read({ plan, params, target: { branch: 'main' } });
  if (rowCount === 0) throw new Error(`${name} found nothing`);
}

async function change(graph: Graph, run: number): Promise<void> {
  const { plan, params } = bound(graph, 'rename', { h: handle(run), n: `renamed ${run}` });
  if (plan.kind !== 'mutation') throw new Error('rename is not a mutation');
  await graph.mutate({ plan, params, branch: 'main', actor: null });
}

/** Plans are compiled once and kept, as a server does. */
const plans = new Map<string, CheckedQuery>();

function planOf(graph: Graph, name: string): CheckedQuery {
  if (plans.size === 0) {
    for (const query of compileQueries(QUERIES, graph.catalog).queries) plans.set(query.name, query);
  }
  const query = plans.get(name);
  if (query === undefined) throw new Error(`no query ${name}`);
  return query;
}

function bound(graph: Graph, name: string, json: Readonly<Record<string, string>>) {
  const query = planOf(graph, name);
  if (query.plan === undefined) throw new Error(`query ${name} has errors`);
  const { value: params } = bindParams(query.params, exactFromPlain(json));
  if (params === undefined) throw new Error(`the parameters of ${name} have errors`);
  return { plan: query.plan, params };
}

const load = (graph: Graph, source: AsyncIterable<Uint8Array>) =>
  graph.load({ source, mode: 'overwrite', branch: 'main', actor: null });

async function* personLines(): AsyncGenerator<Uint8Array> {
  const random = generator(5);
  yield* chunks(nodes, (at) => ({
    type: 'Person',
    data: {
      handle: handle(at),
      name: `Person ${at}`,
      age: 18 + Math.floor(random() * 70),
      bio: `likes ${WORDS[Math.floor(random() * WORDS.length)]} and ${WORDS[Math.floor(random() * WORDS.length)]}`,
    },
  }));
}

async function* followsLines(): AsyncGenerator<Uint8Array> {
  const random = generator(6);
  yield* chunks(edges, () => ({
    edge: 'Follows',
    from: handle(Math.floor(random() * nodes)),
    to: handle(Math.floor(random() * nodes)),
  }));
}

const WORDS = 'gardening sailing chess running baking painting astronomy cycling weaving poetry'.split(' ');

const handle = (at: number): string => `user-${at}`;

async function* chunks(count: number, record: (at: number) => unknown): AsyncGenerator<Uint8Array> {
  const encoder = new TextEncoder();
  let lines = '';
  for (let at = 0; at < count; at++) {
    lines += `${JSON.stringify(record(at))}\n`;
    if (lines.length < 65_536 && at < count - 1) continue;
    yield encoder.encode(lines);
    lines = '';
  }
}

/** A small deterministic generator of numbers in [0, 1): mulberry32. */
function generator(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

const folder = await mkdtemp(path.join(tmpdir(), 'omnigraph-bench-'));
try {
  await measure(folder);
} finally {
  await rm(folder, { recursive: true, force: true });
}
