/**
 * Every document below `__cluster/`, damaged in every way: a clear diagnostic, never a crash, never served, and nothing
 * else changed. Contract: cluster.md §§8, 13, 14, 16 and 17, H1 and H13.
 */
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { appliedHarbour, clusterYaml, codesOf, FLEET, FLEET_SCHEMA_WITH_FLAG, type Harbour, YARD } from './harbour.js';
import {
  bootCodes,
  COMMANDS,
  type Command,
  changedFiles,
  filesOf,
  isClear,
  REFUSED,
  runCommand,
  type Tampering,
  TORN,
  withMember,
} from './tampering.js';

const STATE = '__cluster/state.json';
const LOCK = '__cluster/lock.json';
const SIDECAR = '__cluster/recoveries/01JZ0000000000000000000000.json';
const APPROVAL = '__cluster/approvals/01JZ0000000000000000000000.json';

/** Text as bytes, each character one byte, so that a tampering can write what is no UTF-8. */
async function tamper(cluster: Harbour, file: string, change: (text: string) => string): Promise<void> {
  const original = await cluster.read(file);
  await writeFile(path.join(cluster.dir, file), Buffer.from(change(original), 'latin1'));
}

interface Met {
  readonly command: Command;
  /** A code that must be among the diagnostics; none: the command does not look there. */
  readonly code?: string;
  /** Files it may write, as a run on a sound document would. */
  readonly mayWrite?: readonly RegExp[];
}

async function checkMeeting(cluster: Harbour, { command, code, mayWrite = [] }: Met): Promise<void> {
  const before = await filesOf(cluster);
  const report = await runCommand(cluster, command);
  if (code !== undefined) expect(codesOf(report), command).toContain(code);
  for (const diagnostic of report.diagnostics) expect(isClear(diagnostic), diagnostic.message).toBe(true);
  const changed = changedFiles(before, await filesOf(cluster));
  expect(
    changed.filter((file) => !mayWrite.some((pattern) => pattern.test(file))),
    command,
  ).toEqual([]);
}

const WRITES_LEDGER = [/state\.json$/];

describe('the ledger', () => {
  const READERS: readonly Command[] = ['plan', 'apply', 'approve', 'status', 'refresh', 'gc'];

  test.each<Tampering>(TORN)('%s', async (_, change) => {
    const cluster = await appliedHarbour();
    await tamper(cluster, STATE, change);
    for (const command of COMMANDS) {
      if (command === 'import') continue;
      const isReader = READERS.includes(command);
      await checkMeeting(cluster, { command, ...(isReader && { code: 'invalid_state_json' }) });
    }
    expect(await bootCodes(cluster)).toEqual(['invalid_state_json']);
    // H13: the one way out keeps the torn bytes.
    await checkMeeting(cluster, {
      command: 'import',
      code: 'state_ledger_replaced',
      mayWrite: [/state\.json$/, /state\.corrupt-/],
    });
    expect(await cluster.apply()).toMatchObject({ ok: true, converged: true });
    expect(await bootCodes(cluster)).toEqual([]);
  });

  test.each<readonly [...Tampering, string]>([
    ...REFUSED.map(([name, change]) => [name, change, 'invalid_state_json'] as const),
    ['of another version', withMember('version', 2), 'unsupported_state_version'],
    ['with a digest that is none', (text) => text.replace(/"digest": "[^"]*"/, '"digest": 7'), 'invalid_state_json'],
  ])('%s', async (_, change, code) => {
    const cluster = await appliedHarbour();
    await tamper(cluster, STATE, change);
    for (const command of COMMANDS) {
      const isReader = command === 'import' || READERS.includes(command);
      await checkMeeting(cluster, { command, ...(isReader && { code }) });
    }
    expect(await bootCodes(cluster)).toEqual([code]);
  });

  test.each(['graph.fleet', 'schema.fleet', 'query.fleet.vessel_by_imo'])(
    'with a forged digest of %s',
    async (address) => {
      const cluster = await appliedHarbour();
      await tamper(cluster, STATE, (text) => {
        const ledger = JSON.parse(text);
        ledger.applied_revision.resources[address].digest = 'f'.repeat(64);
        return JSON.stringify(ledger);
      });
      const code = 'external_blob_policy_digest_mismatch';
      for (const command of COMMANDS) {
        const isChecked = command === 'apply' || command === 'refresh' || command === 'gc';
        await checkMeeting(cluster, { command, ...(isChecked && { code }) });
      }
      expect(await bootCodes(cluster)).toContain(code);
    },
  );

  test('with a forged digest of a policy: no such blob is served, and apply records the declared one', async () => {
    const cluster = await appliedHarbour();
    const ledger = await cluster.ledger();
    await tamper(cluster, STATE, (text) => {
      const forged = JSON.parse(text);
      forged.applied_revision.resources['policy.gate'].digest = 'f'.repeat(64);
      return JSON.stringify(forged);
    });
    expect(await bootCodes(cluster)).toEqual(['catalog_payload_missing']);
    await checkMeeting(cluster, { command: 'status', code: 'catalog_payload_missing' });
    expect((await cluster.plan()).changes.map(({ resource }) => resource)).toEqual(['policy.gate']);
    expect(await cluster.apply()).toMatchObject({ ok: true, converged: true });
    expect(JSON.parse(await cluster.ledger()).applied_revision).toEqual(JSON.parse(ledger).applied_revision);
    expect(await bootCodes(cluster)).toEqual([]);
  });

  test('with a forged provider: the profile does not have its digest, and is not served', async () => {
    const cluster = await appliedHarbour(
      clusterYaml(
        '  fleet: { schema: fleet.pg, embedding_provider: default }\n',
        '',
        'providers:\n  embedding:\n    default: { kind: mock, model: demo-8 }\n',
      ),
    );
    await tamper(cluster, STATE, (text) => text.replace('"model": "demo-8"', '"model": "evil-8"'));
    expect(await bootCodes(cluster)).toEqual(['embedding_provider_digest_mismatch']);
    expect(await cluster.apply()).toMatchObject({ ok: true, converged: true });
    expect(await bootCodes(cluster)).toEqual([]);
  });

  test('cut at any byte, plan and boot say so', async () => {
    const cluster = await appliedHarbour();
    const whole = await cluster.ledger();
    for (let length = 0; length < whole.length - 2; length += 37) {
      await cluster.write(STATE, whole.slice(0, length));
      expect(codesOf(await cluster.plan())).toEqual(['invalid_state_json']);
      expect(await bootCodes(cluster)).toEqual(['invalid_state_json']);
    }
  });
});

describe('the lock', () => {
  const HELD = { version: 1, lock_id: '01JHELD', operation: 'apply', created_at: '2031-02-03T04:05:06Z', pid: 1 };
  const LOCKING: readonly Command[] = ['plan', 'apply', 'approve', 'refresh', 'import', 'gc'];

  test.each<readonly [...Tampering, string]>([
    ...[...TORN, ...REFUSED].map(([name, change]) => [name, change, 'invalid_state_lock'] as const),
    ['of another version', withMember('version', 2), 'unsupported_state_lock_version'],
    ['of an unknown operation', withMember('operation', 'deploy'), 'invalid_state_lock'],
  ])('%s', async (_, change, code) => {
    const cluster = await appliedHarbour();
    await cluster.write(LOCK, JSON.stringify(HELD));
    await tamper(cluster, LOCK, change);
    for (const command of COMMANDS) {
      const isLocking = LOCKING.includes(command);
      const isReading = command === 'status' || command === 'force-unlock';
      await checkMeeting(cluster, {
        command,
        ...(isLocking && { code: 'state_lock_held' }),
        ...(isReading && { code }),
      });
    }
    // A server never contends for it (§17).
    expect(await bootCodes(cluster)).toEqual([]);
  });
});

describe('a recovery sidecar', () => {
  const INTENT = {
    schema_version: 1,
    operation_id: '01JZ0000000000000000000000',
    started_at: '2031-02-03T04:05:06Z',
    actor: null,
    kind: 'schema_apply',
    graph_id: 'fleet',
    graph_uri: '/elsewhere/graphs/fleet.omni',
    observed_manifest_version: 1,
    expected_manifest_version: null,
    desired_schema_digest: 'd'.repeat(64),
    state_cas_base: null,
  };

  test.each<readonly [...Tampering, string]>([
    ...[...TORN, ...REFUSED].map(([name, change]) => [name, change, 'invalid_recovery_sidecar'] as const),
    ['of another version', withMember('schema_version', 2), 'unsupported_recovery_sidecar_version'],
    ['of another operation', withMember('operation_id', '01JX'), 'invalid_recovery_sidecar'],
    ['of an unknown kind', withMember('kind', 'graph_rename'), 'invalid_recovery_sidecar'],
    ['that points out of the storage root', withMember('graph_id', '../../etc'), 'invalid_recovery_sidecar'],
  ])('%s', async (_, change, code) => {
    const cluster = await appliedHarbour();
    await cluster.write(SIDECAR, JSON.stringify(INTENT));
    await tamper(cluster, SIDECAR, change);
    for (const command of COMMANDS) {
      const sweeps = command === 'apply' || command === 'refresh';
      const warns = command === 'plan' || command === 'status';
      // What nothing needs any more is gc's to remove, and it is run last.
      if (command === 'gc') continue;
      await checkMeeting(cluster, {
        command,
        ...(sweeps && { code }),
        ...(warns && { code: 'cluster_recovery_pending' }),
        ...(command === 'refresh' && { mayWrite: WRITES_LEDGER }),
      });
    }
    expect(await bootCodes(cluster)).toEqual([code]);
    await checkMeeting(cluster, { command: 'gc', mayWrite: [/recoveries/] });
  });

  test('a forged schema digest records nothing that is not live', async () => {
    const cluster = await appliedHarbour();
    await cluster.write(SIDECAR, JSON.stringify(INTENT));
    const ledger = await cluster.ledger();
    expect(await cluster.apply()).toMatchObject({ ok: true, changes: [], state_written: false });
    expect(await cluster.ledger()).toBe(ledger);
  });
});

describe('an approval', () => {
  async function approvedDelete(): Promise<readonly [Harbour, string]> {
    const cluster = await appliedHarbour(clusterYaml(FLEET + YARD));
    await cluster.write('cluster.yaml', clusterYaml(FLEET));
    await cluster.approve('graph.yard');
    const [name = ''] = await cluster.list('__cluster/approvals');
    return [cluster, `__cluster/approvals/${name}`];
  }

  test.each<readonly [...Tampering, string]>([
    ...[...TORN, ...REFUSED].map(([name, change]) => [name, change, 'invalid_approval_artifact'] as const),
    ['of another version', withMember('schema_version', 2), 'unsupported_approval_version'],
    ['for another configuration', withMember('bound_config_digest', 'f'.repeat(64)), 'approval_stale'],
    ['for another graph state', withMember('bound_before_digest', 'f'.repeat(64)), 'approval_stale'],
    ['for another outcome', withMember('bound_after_digest', 'f'.repeat(64)), 'approval_stale'],
    ['of another operation', withMember('operation', 'create'), 'approval_stale'],
  ])('%s', async (_, change, code) => {
    const [cluster, file] = await approvedDelete();
    await tamper(cluster, file, change);
    await checkMeeting(cluster, { command: 'plan', code });
    await checkMeeting(cluster, { command: 'apply', code, mayWrite: WRITES_LEDGER });
    await checkMeeting(cluster, { command: 'status' });
    await checkMeeting(cluster, { command: 'gc' });
    expect(await cluster.list('graphs/yard.omni')).not.toEqual([]);
    expect(await bootCodes(cluster)).toEqual([]);
    // A new consent is given beside it, and is enough.
    await checkMeeting(cluster, { command: 'approve', mayWrite: [/approvals/] });
    expect(await cluster.apply()).toMatchObject({ ok: true, converged: true });
    expect(await cluster.list('graphs/yard.omni')).toEqual([]);
  });

  test('for another graph authorizes nothing here', async () => {
    const [cluster, file] = await approvedDelete();
    await tamper(cluster, file, withMember('resource', 'graph.fleet'));
    await cluster.apply();
    expect(await cluster.list('graphs/yard.omni')).not.toEqual([]);
    expect(await cluster.list('graphs/fleet.omni')).not.toEqual([]);
  });

  test('copied under a new id after its use authorizes nothing again', async () => {
    const [cluster, file] = await approvedDelete();
    const text = await cluster.read(file);
    await cluster.apply();
    await cluster.write('cluster.yaml', clusterYaml(FLEET + YARD));
    await cluster.apply();
    await cluster.write('yard.pg', 'node Berth {\n  code: String @key\n  depth: I32?\n}\n');
    await cluster.apply();
    await cluster.write('cluster.yaml', clusterYaml(FLEET));
    await cluster.write(APPROVAL, withMember('approval_id', '01JZ0000000000000000000000')(text));
    expect(codesOf(await cluster.apply())).toContain('approval_stale');
    expect(await cluster.list('graphs/yard.omni')).not.toEqual([]);
  });
});

describe('a catalog blob with one byte flipped', () => {
  const BLOBS = [
    ['query', '__cluster/resources/query/fleet/vessel_by_imo', 'query.fleet.vessel_by_imo'],
    ['policy', '__cluster/resources/policy/gate', 'policy.gate'],
  ] as const;

  test.each(BLOBS.flatMap((blob) => [0, 0.5, 1].map((at) => [...blob, at] as const)))(
    '%s blob in %s (%s), at %d of its length',
    async (_, folder, address, at) => {
      const cluster = await appliedHarbour();
      const [name = ''] = await cluster.list(folder);
      const file = `${folder}/${name}`;
      const original = await cluster.read(file);
      const index = Math.floor((original.length - 1) * at);
      const flipped = String.fromCharCode(original.charCodeAt(index) ^ 1);
      await tamper(cluster, file, (text) => text.slice(0, index) + flipped + text.slice(index + 1));

      for (const command of COMMANDS) {
        if (command === 'refresh') continue;
        await checkMeeting(cluster, { command, ...(command === 'status' && { code: 'catalog_payload_mismatch' }) });
      }
      expect(await bootCodes(cluster)).toEqual(['catalog_payload_digest_mismatch']);
      await checkMeeting(cluster, { command: 'refresh', code: 'catalog_payload_mismatch', mayWrite: WRITES_LEDGER });
      expect((await cluster.plan()).changes.map(({ resource, operation }) => `${operation} ${resource}`)).toContain(
        `create ${address}`,
      );
      expect(await cluster.apply()).toMatchObject({ ok: true, converged: true });
      expect(await cluster.read(file)).toBe(original);
      expect(await bootCodes(cluster)).toEqual([]);
    },
  );
});

describe('the small documents of a graph root', () => {
  async function documentsOf(cluster: Harbour): Promise<readonly string[]> {
    const files = [...(await filesOf(cluster)).keys()];
    return files.filter((file) => file.startsWith('graphs/fleet.omni/') && file.endsWith('.json'));
  }

  test.each<Tampering>([...TORN, ...REFUSED.slice(0, 3)])('%s', async (_, change) => {
    const pristine = await appliedHarbour();
    const documents = await documentsOf(pristine);
    expect(documents.length).toBeGreaterThan(3);
    for (const document of documents) {
      const original = await pristine.read(document);
      await tamper(pristine, document, change);
      await pristine.write('fleet.pg', FLEET_SCHEMA_WITH_FLAG);
      for (const command of ['validate', 'plan', 'status', 'approve', 'import', 'gc'] as const) {
        await checkMeeting(pristine, { command });
      }
      const plan = await pristine.plan();
      expect(plan.ok, document).toBe(true);
      // A hint is only a short cut: damaged, it is an obstacle that is named, or none at all.
      if (!plan.changes.some(({ migration }) => migration !== undefined)) {
        expect(codesOf(plan)).toEqual(['schema_preview_unavailable']);
      }
      await checkMeeting(pristine, { command: 'refresh', mayWrite: WRITES_LEDGER });
      await pristine.write(document, original);
    }
  });
});
