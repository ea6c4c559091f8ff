import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { nodePlanSource } from 'omnigraph-server/control';
import { type ObjectStore, openDiskStore, StorageError } from 'omnigraph-server/storage';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { CodeLens, Hover, InlayHint } from 'vscode-languageserver';
import {
  FLEET_QUERY,
  FLEET_SCHEMA,
  FLEET_SCHEMA_WITH_FLAG,
  Harbour,
  load,
  YARD_SCHEMA,
} from '../../../server/control/harbour.js';
import { FULL_CLIENT, openEditor, type TestEditor, textIn } from '../fixture.js';

const CONFIG = `version: 1
metadata: { name: harbour }
graphs:
  fleet:
    schema: fleet.pg
    queries: queries/
  yard:
    schema: yard.pg
policies:
  gate: { file: gate.policy.yaml, applies_to: [fleet] }
`;

const PATH = 'cluster.yaml';

let applied: Harbour;
let fresh: Harbour;

const TEXTS: Readonly<Record<string, string>> = {
  'cluster.yaml': CONFIG,
  'fleet.pg': FLEET_SCHEMA,
  'yard.pg': YARD_SCHEMA,
  'queries/fleet.gq': FLEET_QUERY,
  'gate.policy.yaml': 'version: 1\nrules: []\n',
};

const folders: string[] = [];

async function deployed(): Promise<Harbour> {
  const dir = await mkdtemp(path.join(tmpdir(), 'omnigraph-plan-'));
  folders.push(dir);
  const cluster = new Harbour(dir);
  for (const [file, text] of Object.entries(TEXTS)) await cluster.write(file, text);
  return cluster;
}

beforeAll(async () => {
  fresh = await deployed();
  applied = await deployed();
  await applied.import();
  expect((await applied.apply()).converged).toBe(true);
  const vessel = (imo: string): string => `{"type":"Vessel","data":{"imo":"${imo}"}}\n`;
  await load(applied, 'fleet', vessel('1') + vessel('2'));
});

afterAll(async () => {
  for (const folder of folders) await rm(folder, { recursive: true, force: true });
});

interface Situation {
  readonly cluster?: Harbour;
  readonly store?: (store: ObjectStore) => ObjectStore;
  readonly capabilities?: typeof FULL_CLIENT;
  readonly settings?: unknown;
  readonly commands?: readonly string[];
}

/** The files of a real cluster in an editor, with some of them edited and not saved. */
async function withPlan<R>(
  edits: Readonly<Record<string, string>>,
  ask: (editor: TestEditor) => Promise<R>,
  { cluster = applied, store = (same) => same, capabilities, settings, commands = [] }: Situation = {},
): Promise<R> {
  const editor = await openEditor(TEXTS, {
    plan: nodePlanSource({ env: {}, runtime: { openStore: () => store(openDiskStore(cluster.dir)) } }),
    initializationOptions: { commands },
    ...(capabilities && { capabilities }),
    ...(settings !== undefined && { settings }),
  });
  try {
    await editor.settled();
    for (const [file, text] of Object.entries(edits)) await editor.open(file, text);
    await editor.open(PATH, edits[PATH] ?? CONFIG);
    await panelOf(editor);
    const answer = await ask(editor);
    expect(editor.errors).toEqual([]);
    return answer;
  } finally {
    await editor.settled();
    await editor.dispose();
  }
}

interface Panel {
  readonly available: boolean;
  readonly title: string;
  readonly ledger: string;
  readonly sections: readonly {
    readonly address: string;
    readonly disposition: string;
    readonly title: string;
    readonly steps: readonly { readonly text: string; readonly rows: number | null }[];
    readonly dataImpact: { readonly rows: number } | null;
    readonly affects: readonly string[];
  }[];
  readonly approvals: readonly { readonly resource: string; readonly satisfied: boolean; readonly command: string }[];
  readonly markdown: string | null;
  readonly report: { readonly ok: boolean } | null;
}

const panelOf = (editor: TestEditor): Promise<Panel> => editor.request('omnigraph/plan', { uri: editor.uri(PATH) });

const lensesOf = async (editor: TestEditor): Promise<readonly string[]> => {
  const lenses = (await editor.ask<CodeLens[] | null>('textDocument/codeLens', PATH)) ?? [];
  return lenses.map(({ range, command }) => `${range.start.line} ${command?.title}`);
};

const ALL = { range: { start: { line: 0, character: 0 }, end: { line: 99, character: 0 } } };

const inlaysOf = async (editor: TestEditor): Promise<readonly string[]> => {
  const hints = (await editor.ask<InlayHint[] | null>('textDocument/inlayHint', PATH, ALL)) ?? [];
  return hints.map(({ position, label }) => `${position.line} ${String(label)}`);
};

describe('lenses', () => {
  const without = (text: string): string => CONFIG.replace(text, '');

  test.each<[string, Readonly<Record<string, string>>, readonly string[]]>([
    ['nothing to do', {}, ['0 Plan: no changes · revision 2 · lock free']],
    [
      'a schema gains a property',
      { 'fleet.pg': FLEET_SCHEMA_WITH_FLAG },
      ['0 Plan: 1 to update · revision 2 · lock free', '3 ~ update, digest only · schema update, 1 step over 2 rows'],
    ],
    [
      'a schema loses its key: apply would refuse',
      {
        'fleet.pg': FLEET_SCHEMA.replace('imo: String @key', 'imo: I32 @key').replace('\n}', '\n  x: String?\n}'),
        'queries/fleet.gq': '',
      },
      [
        '0 Plan: 1 to update, 1 to delete · revision 2 · lock free',
        '3 ~ update, digest only · schema update, apply will refuse the migration',
        '5 Queries: 1 to delete',
      ],
    ],
    [
      'queries added',
      {
        'queries/fleet.gq':
          'query a() {\n  match { $v: Vessel }\n  return { $v.name }\n}\nquery vessel_by_imo($imo: String) {\n  match { $v: Vessel { imo: $imo } }\n  return { $v.name }\n}\n',
      },
      [
        '0 Plan: 1 to create, 1 to update · revision 2 · lock free',
        '3 ~ update, digest only',
        '5 Queries: 1 to create, 1 to update',
      ],
    ],
    [
      'a graph is added',
      { [PATH]: CONFIG.replace('policies:', '  docks:\n    schema: yard.pg\npolicies:') },
      ['0 Plan: 2 to create · revision 2 · lock free', '8 + create'],
    ],
    [
      'a graph is taken away',
      { [PATH]: without('  yard:\n    schema: yard.pg\n') },
      [
        '0 Plan: 2 blocked · revision 2 · lock free',
        '2 graph.yard: delete, needs approval · schema.yard: delete, needs approval',
      ],
    ],
    [
      'a policy governs another graph',
      { [PATH]: CONFIG.replace('[fleet]', '[yard]') },
      ['0 Plan: 1 to update · revision 2 · lock free', '9 ~ update, bindings'],
    ],
    [
      'a policy is taken away',
      { [PATH]: CONFIG.slice(0, CONFIG.indexOf('policies:')) },
      ['0 Plan: 1 to delete · revision 2 · lock free', '0 policy.gate: delete'],
    ],
    [
      'a policy changes',
      { 'gate.policy.yaml': 'version: 1\ngroups: { a: [act-x] }\nrules: []\n' },
      ['0 Plan: 1 to update · revision 2 · lock free', '9 ~ update'],
    ],
    [
      'errors',
      { [PATH]: CONFIG.replace('version: 1', 'version: 2') },
      ['0 Plan: none while the configuration has errors · revision 2 · lock free'],
    ],
  ])('%s', (_name, edits, expected) =>
    withPlan(edits, async (editor) => expect(await lensesOf(editor)).toEqual(expected)),
  );

  test('of a cluster of which nothing is applied', () =>
    withPlan(
      {},
      async (editor) => {
        expect(await lensesOf(editor)).toEqual([
          '0 Plan: 6 to create · nothing applied yet',
          '3 + create',
          '5 Queries: 1 to create',
          '6 + create',
          '9 + create',
        ]);
        expect(await inlaysOf(editor)).toEqual([
          '3 + create',
          '4 + create',
          '5 + 1 to create',
          '6 + create',
          '7 + create',
          '9 + create',
        ]);
      },
      { cluster: fresh },
    ));

  test('lead to the panel where the client has one', async () => {
    const commands = ['omnigraph.showPlan'];
    const edits = { 'fleet.pg': FLEET_SCHEMA_WITH_FLAG };
    const lenses = await withPlan(edits, (editor) => editor.ask<CodeLens[]>('textDocument/codeLens', PATH), {
      commands,
    });
    expect(lenses.map(({ command }) => command?.arguments)).toEqual([
      ['file:///desk/cluster.yaml'],
      ['file:///desk/cluster.yaml', 'graph.fleet'],
    ]);
  });

  test('follow typing, and the client is told', () =>
    withPlan(
      {},
      async (editor) => {
        await editor.open('fleet.pg', FLEET_SCHEMA_WITH_FLAG);
        expect((await lensesOf(editor))[0]).toContain('updating…');
        expect((await panelOf(editor)).title).toBe('Plan: 1 to update · revision 2 · lock free');
        expect((await lensesOf(editor))[0]).toBe('0 Plan: 1 to update · revision 2 · lock free');
        const told = (): readonly string[] => editor.heard.map(({ method }) => method);
        await expect.poll(told).toContain('workspace/codeLens/refresh');
        expect(told()).toContain('omnigraph/planChanged');
      },
      { commands: ['omnigraph.showPlan'] },
    ));

  test('a client that cannot be told waits for the plan', () =>
    withPlan(
      {},
      async (editor) => expect((await lensesOf(editor))[0]).toBe('0 Plan: no changes · revision 2 · lock free'),
      {
        capabilities: { ...FULL_CLIENT, workspace: { ...FULL_CLIENT.workspace, codeLens: {} } },
      },
    ));

  test('without a source of plans there is none', async () => {
    const editor = await openEditor({ [PATH]: CONFIG });
    expect((await editor.ask<unknown[] | null>('textDocument/codeLens', PATH)) ?? []).toEqual([]);
    expect(await panelOf(editor)).toMatchObject({ available: false, sections: [], markdown: null });
    await editor.settled();
    await editor.dispose();
  });
});

describe('inlay text, hovers and panel', () => {
  test('inlay text on each line that changes', () =>
    withPlan({ 'fleet.pg': FLEET_SCHEMA_WITH_FLAG, [PATH]: CONFIG.replace('[fleet]', '[yard]') }, async (editor) => {
      expect(await inlaysOf(editor)).toEqual([
        '3 ~ update, digest only',
        '4 ~ update, 1 step over 2 rows',
        '9 ~ update, bindings',
      ]);
    }));

  test('hovers tell the whole change', () =>
    withPlan({ 'fleet.pg': FLEET_SCHEMA_WITH_FLAG }, async (editor) => {
      const hoverAt = async (line: number, character: number): Promise<string> => {
        const hover = await editor.ask<Hover>('textDocument/hover', PATH, { position: { line, character } });
        return (hover.contents as { readonly value: string }).value;
      };
      expect(await hoverAt(4, 6)).toContain('- `add_property Vessel.flag: String?` (2 rows)');
      expect(await hoverAt(3, 3)).toContain('Live: 2 rows on main, branches main');
      expect(await hoverAt(6, 3)).toContain('Recorded: applied');
      expect(await hoverAt(0, 1)).toContain('Plan: 1 to update');
    }));

  test('the panel has sections, data impact, approvals and Markdown', () =>
    withPlan(
      { 'fleet.pg': FLEET_SCHEMA_WITH_FLAG, [PATH]: CONFIG.replace('  yard:\n    schema: yard.pg\n', '') },
      async (editor) => {
        const panel = await panelOf(editor);
        expect(panel).toMatchObject({ available: true, ledger: 'found', report: { ok: true } });
        expect(panel.sections.map(({ address, disposition }) => `${address} ${disposition}`)).toEqual([
          'graph.fleet derived',
          'graph.yard blocked',
          'schema.fleet applied',
          'schema.yard blocked',
        ]);
        expect(panel.sections[2]).toMatchObject({
          steps: [{ text: 'add_property Vessel.flag: String?', rows: 2 }],
          dataImpact: { rows: 2 },
          affects: ['query.fleet.vessel_by_imo'],
        });
        expect(panel.approvals).toMatchObject([
          { resource: 'graph.yard', satisfied: false, command: 'omnigraph cluster approve graph.yard' },
        ]);
        expect(panel.markdown).toContain('schema.fleet');
      },
    ));

  test('the plan is that of the command line', () =>
    withPlan({}, async (editor) => {
      await applied.write('fleet.pg', FLEET_SCHEMA_WITH_FLAG);
      try {
        const report = await applied.plan();
        await editor.open('fleet.pg', FLEET_SCHEMA_WITH_FLAG);
        const panel = await panelOf(editor);
        expect(panel.sections.map(({ address }) => address)).toEqual(report.changes.map(({ resource }) => resource));
      } finally {
        await applied.write('fleet.pg', FLEET_SCHEMA);
      }
    }));
});

describe('notes', () => {
  const notesOf = async (editor: TestEditor): Promise<readonly string[]> =>
    (await editor.diagnostics(PATH)).map(
      (each) => `${each.severity} ${String(each.code)}: ${textIn(editor.text(PATH), each.range)}`,
    );

  test('no ledger', () =>
    withPlan({}, async (editor) => expect(await notesOf(editor)).toEqual(['3 state_missing: ']), { cluster: fresh }));

  test('a lock that someone holds', async () => {
    const lock = { version: 1, lock_id: '01J', operation: 'apply', created_at: '2026-01-01T00:00:00Z', pid: 7 };
    await applied.write('__cluster/lock.json', JSON.stringify(lock));
    try {
      await withPlan({}, async (editor) => {
        expect(await lensesOf(editor)).toEqual(['0 Plan: no changes · revision 2 · locked by apply (pid 7)']);
        expect(await notesOf(editor)).toEqual(['3 state_lock_held: ']);
      });
    } finally {
      await applied.remove('__cluster/lock.json');
    }
  });

  test('an apply that did not finish', async () => {
    await applied.write('__cluster/recoveries/01J.json', '{}');
    try {
      await withPlan({}, async (editor) => expect(await notesOf(editor)).toEqual(['2 cluster_recovery_pending: ']));
    } finally {
      await applied.remove('__cluster/recoveries/01J.json');
    }
  });

  test('storage out of reach, said on its line', () => {
    const unreachable = (store: ObjectStore): ObjectStore =>
      new Proxy(store, {
        get: (target, member) => {
          if (member === 'location') return target.location;
          if (member === 'display' || member === 'below') return Reflect.get(target, member).bind(target);
          return () => Promise.reject(new StorageError('read', 's3://bucket', new Error('no route to host')));
        },
      });
    const text = CONFIG.replace('graphs:', 'storage: s3://bucket/prefix\ngraphs:');
    return withPlan(
      { [PATH]: text },
      async (editor) => {
        expect((await lensesOf(editor))[0]).toContain('storage cannot be reached');
        expect(await notesOf(editor)).toContain('2 state_read_error: storage');
        expect((await panelOf(editor)).ledger).toBe('unreachable');
      },
      { store: unreachable },
    );
  });

  test('an unusable ledger', async () => {
    const ledger = await applied.ledger();
    await applied.write('__cluster/state.json', '{ "version": 1');
    try {
      await withPlan({}, async (editor) => {
        expect((await lensesOf(editor))[0]).toContain('the ledger is unusable');
        expect(await notesOf(editor)).toEqual(['2 invalid_state_json: ']);
      });
    } finally {
      await applied.write('__cluster/state.json', ledger);
    }
  });

  test('drift, beside the graph that drifted', async () => {
    const ledger = await applied.ledger();
    const drifted = JSON.parse(ledger) as { resource_statuses: Record<string, unknown> };
    drifted.resource_statuses['graph.yard'] = { status: 'drifted', conditions: ['missing'] };
    await applied.write('__cluster/state.json', JSON.stringify(drifted));
    try {
      await withPlan({}, async (editor) => expect(await notesOf(editor)).toEqual(['2 state_drifted: yard']));
    } finally {
      await applied.write('__cluster/state.json', ledger);
    }
  });

  test('a ledger that changes on disk is looked at again', () =>
    withPlan({}, async (editor) => {
      const ledger = await applied.ledger();
      await applied.write('__cluster/state.json', ledger.replace('"state_revision": 2', '"state_revision": 3'));
      try {
        await editor.write('__cluster/state.json', '');
        expect((await panelOf(editor)).title).toBe('Plan: no changes · revision 3 · lock free');
      } finally {
        await applied.write('__cluster/state.json', ledger);
      }
    }));
});

describe('omnigraph/cluster', () => {
  interface Tree {
    readonly clusters: readonly {
      readonly name: string;
      readonly converged: boolean | null;
      readonly pending: number;
      readonly revision: number | null;
      readonly graphs: readonly {
        readonly name: string;
        readonly rows: number | null;
        readonly branches: readonly string[];
        readonly title: string | null;
        readonly queries: readonly { readonly name: string; readonly uri: string }[];
      }[];
      readonly removed: readonly { readonly address: string }[];
    }[];
  }

  const treeOf = (editor: TestEditor): Promise<Tree> => editor.request('omnigraph/cluster', {});

  test('of a converged cluster', () =>
    withPlan({}, async (editor) => {
      const { clusters } = await treeOf(editor);
      expect(clusters).toMatchObject([{ name: 'harbour', converged: true, pending: 0, revision: 2, removed: [] }]);
      expect(clusters[0]?.graphs).toMatchObject([
        {
          name: 'fleet',
          rows: 2,
          branches: ['main'],
          queries: [{ name: 'vessel_by_imo', uri: editor.uri('queries/fleet.gq') }],
        },
        { name: 'yard', rows: 0, branches: ['main'], queries: [] },
      ]);
    }));

  test('with changes pending', () =>
    withPlan(
      { 'fleet.pg': FLEET_SCHEMA_WITH_FLAG, [PATH]: CONFIG.replace('  yard:\n    schema: yard.pg\n', '') },
      async (editor) => {
        const [node] = (await treeOf(editor)).clusters;
        expect(node).toMatchObject({ converged: false, pending: 3 });
        expect(node?.removed.map(({ address }) => address)).toEqual(['graph.yard', 'schema.yard']);
      },
    ));

  test('looks at storage again when it is asked to', () =>
    withPlan({}, async (editor) => {
      const ledger = await applied.ledger();
      await applied.write('__cluster/state.json', ledger.replace('"state_revision": 2', '"state_revision": 3'));
      try {
        expect((await treeOf(editor)).clusters).toMatchObject([{ revision: 2 }]);
        const params = { uri: editor.uri('fleet.pg'), fresh: true };
        expect(await editor.request('omnigraph/cluster', params)).toMatchObject({ clusters: [{ revision: 3 }] });
      } finally {
        await applied.write('__cluster/state.json', ledger);
      }
    }));

  test('before anything is applied', () =>
    withPlan(
      {},
      async (editor) => expect((await treeOf(editor)).clusters).toMatchObject([{ converged: false, revision: null }]),
      {
        cluster: fresh,
      },
    ));
});
