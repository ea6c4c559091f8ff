/** Random queries over random small graphs mean what the reference says, from whole tables and by look-ups. */
import fc from 'fast-check';
import { compileQueries, type MatchBlock, type ReadPlan } from 'omnigraph-language';
import { expect, test } from 'vitest';
import { executeRead, ResidentCache } from '../../../server/src/engine/read/index.js';
import { type GraphRows, memorySnapshot } from './memory-graph.js';
import { assignmentsOf } from './read-reference.js';
import { compiled, NOW } from './run-read.js';

const { catalog } = compiled(`
node A { k: String @key  n: I32?  t: String? }
node B { k: String @key  n: I32? }
edge Knows: A -> A { w: I32? }
edge Owns: A -> B { w: I32? }
`);

const number = fc.option(fc.nat(2), { freq: 4 });
const A_IDS = ['a0', 'a1', 'a2', 'a3'];
const B_IDS = ['b0', 'b1', 'b2'];

const graphs: fc.Arbitrary<GraphRows> = fc
  .record({
    a: fc.array(fc.record({ n: number, t: fc.option(fc.constantFrom('u', 'v')) }), { minLength: 4, maxLength: 4 }),
    b: fc.array(fc.record({ n: number }), { minLength: 3, maxLength: 3 }),
    knows: fc.array(fc.record({ src: fc.constantFrom(...A_IDS), dst: fc.constantFrom(...A_IDS), w: number }), {
      maxLength: 8,
    }),
    owns: fc.array(fc.record({ src: fc.constantFrom(...A_IDS), dst: fc.constantFrom(...B_IDS), w: number }), {
      maxLength: 6,
    }),
  })
  .map(({ a, b, knows, owns }) => ({
    'node:A': a.map((row, at) => ({ id: `a${at}`, k: `a${at}`, ...row })),
    'node:B': b.map((row, at) => ({ id: `b${at}`, k: `b${at}`, ...row })),
    'edge:Knows': knows.map((row, at) => ({ id: `k${at}`, ...row })),
    'edge:Owns': owns.map((row, at) => ({ id: `o${at}`, ...row })),
  }));

type Pick = <T>(options: readonly T[]) => T;

/** Clauses over the variables named so far; those that do not type-check are thrown away by the test. */
function clause(pick: Pick, depth: number): string {
  const a = () => pick(['$a', '$b', '$c']);
  const x = () => pick(['$x', '$y']);
  const kinds: readonly (() => string)[] = [
    () => `${a()}: A`,
    () => `${a()}: A { n: ${pick([0, 1])} }`,
    () => `${a()}: A { k: "${pick(A_IDS)}" }`,
    () => `${x()}: B { n: ${pick([0, 1])} }`,
    () => `${a()} knows ${pick([a(), '$_'])}`,
    () => `${a()} <knows> ${a()}`,
    () => `${a()} knows{${pick(['1,2', '1,3', '2,2', '2,3', '3,3'])}} ${a()}`,
    () => `${a()} <knows>{${pick(['1,2', '2,2', '2,3'])}} ${a()}`,
    () => `${a()} $w:knows ${a()}`,
    () => `${a()} $v:<knows> ${a()}`,
    () => `${a()} owns ${pick([x(), '$_'])}`,
    () => `${x()} owns ${a()}`,
    () => `${a()} owns{${pick(['1,3', '2,3'])}} ${x()}`,
    () => `${a()} $o:owns ${x()}`,
    () => `${a()}.n ${pick(['=', '<', '!='])} ${a()}.n`,
    () => `${a()}.n ${pick(['=', '>', '!='])} ${x()}.n`,
    () => `${a()}.t = "${pick(['u', 'v'])}"`,
    () => `${a()}.k = ${pick(['"a1"', '"a3"', '$x.k'])}`,
    () => `$w.w > ${pick([0, 1])}`,
  ];
  if (depth > 0 && pick([0, 1, 2]) === 0) return `not { ${clauses(pick, 3, depth - 1)} }`;
  return pick(kinds)();
}

const clauses = (pick: Pick, most: number, depth: number): string =>
  Array.from({ length: pick([1, 2, 3, 4].slice(0, most)) }, () => clause(pick, depth)).join(' ');

/** A match that type-checks, with its plan; the items are replaced below. */
const matches: fc.Arbitrary<{ readonly text: string; readonly plan: ReadPlan }> = fc
  .integer({ min: 0, max: 2 ** 31 - 1 })
  .map((seed) => {
    const text = `query q() { match { $a: A ${clauses(chooser(seed), 4, 1)} } return { count($a) as n } }`;
    return { text, plan: compileQueries(text, catalog).queries[0]?.plan };
  })
  .filter((query): query is { text: string; plan: ReadPlan } => query.plan?.kind === 'read')
  .filter(({ plan }) => assignmentCount(plan.match) <= 5000);

/** A choice from a linear congruential sequence (Numerical Recipes): one seed is one query. */
function chooser(seed: number): Pick {
  let state = seed;
  return (options) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return options[(state >>> 16) % options.length] as (typeof options)[number];
  };
}

/** How many assignments the reference has to try. */
function assignmentCount({ variables, negations }: MatchBlock): number {
  const own = variables.reduce((product, { entity }) => product * (entity === 'node' ? 4 : 8), 1);
  return own * (1 + negations.reduce((sum, inner) => sum + assignmentCount(inner), 0));
}

test('rows and counts are those of the reference', async () => {
  await fc.assert(
    fc.asyncProperty(graphs, matches, async (graph, { plan }) => {
      const named = plan.match.variables.filter(({ anonymous }) => !anonymous);
      const nodes = named.filter(({ entity }) => entity === 'node');
      const order = named.map(({ name }) => name).sort();
      const expected = assignmentsOf(plan.match, new Map(), graph)
        .map((found) => ({ ids: order.map((name) => String(found.get(name)?.id)).join(), found }))
        .sort((left, right) => (left.ids < right.ids ? -1 : Number(left.ids > right.ids)))
        .map(({ found }) => nodes.map(({ name }) => found.get(name)?.id));
      const listing: ReadPlan = {
        ...plan,
        items: nodes.map(({ name, entity, typeName }) => ({
          expr: { kind: 'variable', variable: name, entity, typeName },
          column: name,
          alias: null,
        })),
      };
      for (const smallGraph of [0, Number.POSITIVE_INFINITY]) {
        const context = {
          snapshot: memorySnapshot(catalog, graph),
          params: new Map(),
          now: NOW,
          cache: new ResidentCache(2 ** 20),
          policy: { smallGraph, lookupsBeforeLoading: Number.POSITIVE_INFINITY },
        };
        const rows = await executeRead(listing, context);
        const shown = Array.from({ length: rows.rowCount }, (_, row) => rows.columns.map(({ values }) => values[row]));
        expect(shown).toEqual(expected);
        const counted = await executeRead(plan, context);
        expect(counted.columns[0]?.values).toEqual([expected.length]);
      }
    }),
    { numRuns: 150 },
  );
});
