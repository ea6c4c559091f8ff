/**
 * Writes to a graph that die (design, invariants 5 and 6): killed between the table write and the commit record nothing
 * of them is ever seen and nobody waits for a person; killed after it they happened. And applies killed at no point
 * in particular, which a plain apply heals.
 */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { FLEET_QUERY, FLEET_SCHEMA_WITH_FLAG } from '../server/control/harbour.js';
import { launcher } from './built-cli.js';
import { type Deployment, deployed, expectedRows, type Place, type Template, template } from './cluster-deployment.js';
import { bytesOf } from './object-store-conformance.js';

export interface KilledWritesOptions {
  /** Every how many-th kind of write is tried. */
  readonly every?: number;
  /** How many applies are killed at moments spread evenly over their run. */
  readonly moments: number;
}

type Row = Readonly<Record<string, unknown>>;

const NEW: Row = { imo: '9222222', name: 'Ann' };
const NEW_LINE = `${JSON.stringify({ type: 'Vessel', data: NEW })}\n`;
const OLD = expectedRows('fleet');
const [EMMA, EVER] = OLD;

const WRITES: readonly {
  readonly name: string;
  readonly args: readonly string[];
  readonly after: readonly (Row | undefined)[];
}[] = [
  { name: 'load --mode append', args: ['load', '--data', 'more.jsonl', '--mode', 'append'], after: [NEW, EMMA, EVER] },
  { name: 'load --mode merge', args: ['load', '--data', 'more.jsonl', '--mode', 'merge'], after: [NEW, EMMA, EVER] },
  {
    name: 'load --mode overwrite',
    args: ['load', '--data', 'more.jsonl', '--mode', 'overwrite', '--yes'],
    after: [NEW],
  },
  {
    name: 'an insert',
    args: ['mutate', '-e', 'query add() { insert Vessel { imo: "9222222", name: "Ann" } }'],
    after: [NEW, EMMA, EVER],
  },
  {
    name: 'an update',
    args: ['mutate', '-e', 'query rename() { update Vessel set { name: "Ann" } where imo = "9321483" }'],
    after: [{ ...EMMA, name: 'Ann' }, EVER],
  },
  {
    name: 'a delete',
    args: ['mutate', '-e', 'query drop() { delete Vessel where imo = "9321483" }', '--yes'],
    after: [EVER],
  },
];

export function describeKilledWrites(
  name: string,
  place: () => Place,
  { every = 1, moments }: KilledWritesOptions,
): void {
  let start: Template;
  beforeAll(async () => {
    launcher();
    start = await template(['fleet', 'yard']);
  }, 120_000);
  afterAll(() => start.remove());

  const fresh = async (): Promise<Deployment> => {
    const cluster = await deployed(start, place());
    await cluster.write('more.jsonl', NEW_LINE);
    return cluster;
  };

  const storeOf = (cluster: Deployment) => ['--store', cluster.store.display('graphs/fleet.omni')];

  describe(`a killed write on ${name}`, () => {
    test.each(WRITES.filter((_, at) => at % every === 0))(
      '$name, before its commit record: nothing of it is seen, and it can be repeated',
      async (write) => {
        const cluster = await fresh();
        const args = [...write.args, ...storeOf(cluster)];
        expect(await cluster.run(args, { killAt: 'before_commit_record_write' })).toMatchObject({ signal: 'SIGKILL' });
        expect(await cluster.rows('fleet')).toEqual(OLD);
        expect(await cluster.serving()).toMatchObject({ kind: 'ready', state: { quarantined: [] } });
        expect(await cluster.run(args)).toMatchObject({ code: 0 });
        expect(await cluster.rows('fleet')).toEqual(write.after);
        expect(await cluster.apply()).toMatchObject({ ok: true, changes: [], state_written: false });
      },
      60_000,
    );

    test('after its commit record it has happened, whole', async () => {
      const cluster = await fresh();
      const args = ['load', '--data', 'more.jsonl', '--mode', 'append', ...storeOf(cluster)];
      expect(await cluster.run(args, { killAt: 'after_commit_record_write' })).toMatchObject({ signal: 'SIGKILL' });
      expect(await cluster.rows('fleet')).toEqual([NEW, EMMA, EVER]);
      expect(await cluster.run(args)).toMatchObject({ code: 1 });
      expect(await cluster.rows('fleet')).toEqual([NEW, EMMA, EVER]);
    }, 60_000);

    test('of a schema apply does not keep rows from being written afterwards', async () => {
      const cluster = await fresh();
      await cluster.write('fleet.pg', FLEET_SCHEMA_WITH_FLAG);
      const death = await cluster.run(['cluster', 'apply'], { killAt: 'before_commit_record_write' });
      expect(death).toMatchObject({ signal: 'SIGKILL' });
      expect(await cluster.run([...loadMore, ...storeOf(cluster)])).toMatchObject({ code: 0 });
      expect(await cluster.rows('fleet')).toEqual([NEW, EMMA, EVER]);
      await cluster.unlock();
      expect(await cluster.apply()).toMatchObject({ ok: true, converged: true });
      expect(await cluster.rows('fleet')).toEqual([NEW, EMMA, EVER].map((row) => ({ ...row, flag: null })));
    }, 60_000);
  });

  test(`a schema apply on ${name} that died on another machine does not hold up the next`, async () => {
    const cluster = await fresh();
    await cluster.write('fleet.pg', FLEET_SCHEMA_WITH_FLAG);
    expect(await cluster.run(applyArgs, { killAt: 'after_schema_apply_mark' })).toMatchObject({ signal: 'SIGKILL' });
    const mark = JSON.parse((await cluster.text(SCHEMA_APPLY_MARK)) ?? '');
    await cluster.store.write(SCHEMA_APPLY_MARK, bytesOf(JSON.stringify({ ...mark, host: 'another-machine' })));
    await cluster.unlock();
    expect(await cluster.apply()).toMatchObject({ ok: true, converged: true });
    expect(await cluster.rows('fleet')).toEqual(expectedRows('fleet', { flag: null }));
  }, 60_000);

  test.each(Array.from({ length: moments }, (_, at) => (at + 1) / (moments + 1)))(
    `an apply on ${name} killed at %f of its time is healed by the next`,
    async (moment) => {
      const timed = performance.now();
      expect((await (await everythingChanges(await fresh())).run(applyArgs)).code).toBe(0);
      const duration = performance.now() - timed;

      const cluster = await everythingChanges(await fresh());
      const { child, result } = cluster.start(applyArgs);
      const timer = setTimeout(() => child.kill('SIGKILL'), duration * moment);
      await result;
      clearTimeout(timer);
      await cluster.unlock();
      expect(await cluster.apply()).toMatchObject({ ok: true, converged: true });
      expect(await cluster.sidecars()).toEqual([]);
      expect(await cluster.apply()).toMatchObject({ changes: [], state_written: false });
      expect(await cluster.rows('fleet')).toEqual(expectedRows('fleet', { flag: null }));
      expect(await cluster.store.existsBelow('graphs/yard.omni')).toBe(false);
      expect(Object.keys((await cluster.ledger()).approval_records)).toHaveLength(1);
    },
    60_000,
  );
}

const SCHEMA_APPLY_MARK = 'graphs/fleet.omni/schema-apply.json';

const loadMore = ['load', '--data', 'more.jsonl', '--mode', 'merge'];
const applyArgs = ['cluster', 'apply', '--as', 'rune', '--json'];

/** A migration, new payloads and an approved delete, all waiting for one apply. */
async function everythingChanges(cluster: Deployment): Promise<Deployment> {
  await cluster.write('fleet.pg', FLEET_SCHEMA_WITH_FLAG);
  await cluster.write('queries/fleet.gq', `${FLEET_QUERY}// second edition\n`);
  await cluster.declare(['fleet']);
  await cluster.approve('graph.yard');
  return cluster;
}
