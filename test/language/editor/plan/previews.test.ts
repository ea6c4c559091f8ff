/** How plans are computed beside typing: with a source of plans that the test holds in its hand. */
import type { PlanPreview, PlanSource } from 'omnigraph-language/editor';
import { expect, test } from 'vitest';
import type { CodeLens } from 'vscode-languageserver';
import { openEditor, type TestEditor } from '../fixture.js';

const PATH = 'cluster.yaml';
const FILES = {
  [PATH]: 'version: 1\ngraphs:\n  fleet:\n    schema: fleet.pg\n',
  'fleet.pg': 'node Vessel {\n  imo: String @key\n}\n',
};
const WITHOUT_ERRORS = FILES['fleet.pg'].replace('\n}', '\n  name: String?\n}');

function previewAt(revision: number): PlanPreview {
  return {
    ledger: 'found',
    resource_statuses: new Map(),
    graphs: new Map(),
    report: {
      command: 'plan',
      ok: true,
      config_dir: '/desk',
      desired_revision: { config_digest: 'x' },
      resource_digests: new Map(),
      dependencies: [],
      state_observations: {
        state_path: '',
        lock_path: '',
        state_found: true,
        state_revision: revision,
        resource_count: 0,
        locked: false,
        lock_acquired: false,
      },
      changes: [],
      blast_radius: [],
      approvals_required: [],
      diagnostics: [],
    },
  };
}

/** Answers the n-th question with revision n when it is let go. */
function heldSource() {
  const waiting: (() => void)[] = [];
  let asked = 0;
  let running = 0;
  let most = 0;
  const source: PlanSource = {
    preview: async () => {
      asked += 1;
      const revision = asked;
      running += 1;
      most = Math.max(most, running);
      await new Promise<void>((resolve) => waiting.push(resolve));
      running -= 1;
      return previewAt(revision);
    },
  };
  return {
    source,
    asked: () => asked,
    most: () => most,
    letGo: () => {
      for (const resolve of waiting.splice(0)) resolve();
    },
  };
}

const topLens = async (editor: TestEditor): Promise<string | undefined> =>
  (await editor.ask<CodeLens[]>('textDocument/codeLens', PATH))[0]?.command?.title;

async function ended(editor: TestEditor): Promise<readonly string[]> {
  await editor.settled();
  await editor.dispose();
  return editor.errors;
}

test('a plan that takes its time holds up neither diagnostics nor lenses', async () => {
  const { source, letGo } = heldSource();
  const editor = await openEditor(FILES, { plan: source });
  expect(await editor.diagnostics(PATH)).toEqual([]);
  expect(await topLens(editor)).toBe('Plan: looking at the ledger…');
  await editor.edit(PATH, 'version: 2\n');
  expect((await editor.diagnostics(PATH)).map(({ code }) => code)).toEqual(['unsupported_cluster_config_version']);
  letGo();
  await expect.poll(() => topLens(editor)).toContain('revision 1');
  letGo();
  expect(await ended(editor)).toEqual([]);
});

test('edits while a plan runs lead to one more plan, never to two at once', async () => {
  const { source, letGo, most, asked } = heldSource();
  const editor = await openEditor(FILES, { plan: source });
  await editor.open(PATH);
  await expect.poll(asked).toBe(1);
  await editor.open('fleet.pg', WITHOUT_ERRORS);
  for (let at = 0; at < 20; at += 1) await editor.edit('fleet.pg', `${WITHOUT_ERRORS}// ${at}\n`);
  const panel = editor.request<{ title: string }>('omnigraph/plan', { uri: editor.uri(PATH) });
  letGo();
  await expect.poll(asked).toBe(2);
  letGo();
  expect((await panel).title).toBe('Plan: no changes · revision 2 · lock free');
  expect(most()).toBe(1);
  expect(await ended(editor)).toEqual([]);
});

test('a source that fails is a bug that is logged, and the rest goes on', async () => {
  const editor = await openEditor(FILES, { plan: { preview: () => Promise.reject(new Error('broken source')) } });
  const panel = await editor.request<{ available: boolean }>('omnigraph/plan', { uri: editor.uri(PATH) });
  expect(panel.available).toBe(false);
  await expect.poll(() => topLens(editor)).toBe('Plan: not available');
  expect(await editor.diagnostics(PATH)).toEqual([]);
  expect((await ended(editor)).join()).toContain('broken source');
});

test('switched off, there is no plan', async () => {
  const settings = { plan: { enabled: false } };
  const { source, asked } = heldSource();
  const editor = await openEditor(FILES, { plan: source, settings });
  await editor.settled();
  expect((await editor.ask<unknown[] | null>('textDocument/codeLens', PATH)) ?? []).toEqual([]);
  expect(asked()).toBe(0);
  expect(await ended(editor)).toEqual([]);
});

test('a file of no cluster has no plan', async () => {
  const editor = await openEditor({ 'alone.pg': 'node A {\n  b: String @key\n}\n' });
  expect(await editor.request('omnigraph/plan', { uri: editor.uri('alone.pg') })).toBeNull();
  await expect(editor.request('omnigraph/plan', {})).rejects.toThrow('`uri`');
  expect(await ended(editor)).toEqual([]);
});
