/**
 * The packed extension in a real VS Code, on a copy of a real cluster: one morning's work, in order. Pictures of every
 * station are kept in the cache folder (`vscode-pictures`) for a person to look at.
 */
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { launcher } from '../../support/built-cli.js';
import { CORPUS } from '../../support/corpus.js';
import { cacheFolder, installVsCode } from './install-vscode.js';
import { Workbench } from './workbench.js';

const VSIX = fileURLToPath(new URL('../../../extension/dist/omnigraph.vsix', import.meta.url));
const SERVER = fileURLToPath(new URL('../../../server/bin/omnigraph-server', import.meta.url));
const MOST_BYTES = 3 * 1024 * 1024;
const MOST_ACTIVATION_MS = 300;

describe('the extension in VS Code', () => {
  let workbench: Workbench;
  const cli = launcher();
  const omnigraph = (...args: readonly string[]): Promise<{ readonly stdout: string }> =>
    promisify(execFile)(process.execPath, [cli, ...args], { cwd: workbench.folder });

  beforeAll(async () => {
    if (!existsSync(VSIX)) throw new Error('pack the extension first: node extension/package.mjs');
    workbench = await Workbench.open({
      vscode: await installVsCode(),
      vsix: VSIX,
      cluster: join(CORPUS, 'industry-intel'),
      settings: {
        'omnigraph.cli.path': cli,
        'omnigraph.server.path': SERVER,
        'omnigraph.actor': 'act-analyst',
        'workbench.colorTheme': 'Default Dark Modern',
      },
      pictures: join(cacheFolder(), 'vscode-pictures'),
    });
  });

  afterAll(() => workbench?.close());

  test('the package is small', async () => {
    expect((await stat(VSIX)).size).toBeLessThan(MOST_BYTES);
  });

  test('before the first apply, the lens on cluster.yaml counts what would be created', async () => {
    await workbench.openFile('cluster.yaml');
    await workbench.lens(/^Plan: 77 to create · nothing applied yet/).waitFor();
    await workbench.lens(/^Queries: 73 to create/).waitFor();
    await workbench.statusBar.getByText('spike-intel: 77 pending').waitFor();
    await workbench.picture('01-plan-lenses-before-apply');
  });

  test('the plan panel lists every resource', async () => {
    await workbench.command('Omnigraph: Show Plan');
    const panel = await workbench.webview('77 to create');
    expect(await panel.locator('details.change.create').count()).toBeGreaterThanOrEqual(76);
    await panel.locator('summary', { hasText: 'graph.spike' }).first().waitFor();
    await workbench.picture('02-plan-panel');
    await workbench.command('View: Close All Editors');
  });

  test('apply shows the plan, asks, and leaves a converged cluster', async () => {
    await workbench.openFile('cluster.yaml');
    await workbench.command('Omnigraph: Apply…');
    await workbench.dialogButton('Apply').waitFor();
    await workbench.picture('03-apply-confirmation');
    await workbench.dialogButton('Apply').click();
    await workbench.statusBar.getByText('spike-intel: converged').waitFor({ timeout: 50_000 });
    await workbench.command('View: Close All Editors');
    await workbench.openFile('cluster.yaml');
    await workbench.lens(/^Plan: no changes · revision \d+/).waitFor();
    await workbench.picture('04-converged');
  });

  test('a mistyped type is underlined, and gone when mended', async () => {
    await workbench.openFile('queries', 'signals.gq');
    await workbench.goTo(5, 19);
    await workbench.type('x');
    await workbench.errorSquiggles.first().waitFor();
    await workbench.picture('05-mistyped-type');
    await workbench.page.keyboard.press('Control+KeyZ');
    await workbench.errorSquiggles.first().waitFor({ state: 'detached' });
  });

  test('completion after `$p.` offers the properties of its type', async () => {
    await workbench.openFile('queries', 'signals.gq');
    await workbench.goTo(32, 99);
    await workbench.page.keyboard.press('Enter');
    await workbench.type('$p.');
    const widget = workbench.page.locator('.suggest-widget.visible');
    await widget.getByText('brief', { exact: true }).first().waitFor();
    await widget.getByText('evolution', { exact: true }).first().waitFor();
    await workbench.picture('06-completion');
    await workbench.page.keyboard.press('Escape');
    await workbench.command('File: Revert File');
  });

  test('a rename in the schema reaches the queries and keeps the data', async () => {
    await workbench.openFile('schema.pg');
    await workbench.rename(12, 7, 'summary');
    await workbench.command('File: Save All Files');
    await expect.poll(() => workbench.read('queries', 'signals.gq'), { timeout: 20_000 }).toContain('$s.summary');
    expect(await workbench.read('schema.pg')).toMatch(/summary: String.*@rename_from\("brief"\)/);
    await workbench.picture('07-renamed');
  });

  test('the plan of the renamed property is a migration that moves no data, before anything is applied', async () => {
    await workbench.openFile('cluster.yaml');
    await workbench.lens(/^Plan: .*to update/).waitFor();
    await workbench.picture('08-plan-lenses-after-edit');
    await workbench.command('Omnigraph: Show Plan');
    const panel = await workbench.webview('rename_property');
    await panel.getByText(/rename_property Signal\.brief -> Signal\.summary/).waitFor();
    await workbench.picture('09-plan-panel-migration');
    await workbench.command('View: Close All Editors');
  });

  test('the second apply converges again', async () => {
    await workbench.openFile('cluster.yaml');
    await workbench.command('Omnigraph: Apply…');
    await workbench.dialogButton('Apply').click();
    await workbench.statusBar.getByText('spike-intel: converged').waitFor({ timeout: 50_000 });
    await workbench.command('View: Close All Editors');
  });

  test('a query without parameters runs from its lens, as a table and as a picture', async () => {
    await omnigraph(
      'mutate',
      ...['-e', SEED, '--store', join(workbench.folder, 'graphs', 'spike.omni'), '--as', 'act-analyst'],
    );
    await workbench.write(LINKED, 'queries', 'linked.gq');
    await workbench.openFile('queries', 'linked.gq');
    await workbench
      .lens(/Run query/)
      .first()
      .getByText('Run query')
      .click();
    const panel = await workbench.webview(/1 row/);
    await panel.getByRole('cell', { name: 'First signal' }).waitFor();
    await workbench.picture('10-result-table');
    await panel.getByRole('tab', { name: 'Picture' }).click();
    await panel.locator('.canvas canvas').first().waitFor();
    await workbench.picture('11-result-picture');
    await workbench.command('View: Close All Editors');
    await workbench.remove('queries', 'linked.gq');
  });

  test('a query with a parameter asks for it and remembers it', async () => {
    await workbench.openFile('queries', 'signals.gq');
    await workbench.goTo(4, 5);
    await workbench.command('Omnigraph: Run Query…');
    const panel = await workbench.webview('$slug');
    await panel.locator('input[name=slug]').fill('first');
    await panel.getByRole('button', { name: 'Run', exact: true }).click();
    await panel.getByRole('cell', { name: 'First signal' }).waitFor();
    await workbench.picture('12-parameter-form');
    await workbench.command('View: Close All Editors');
    await workbench.openFile('queries', 'signals.gq');
    await workbench.goTo(4, 5);
    await workbench.command('Omnigraph: Run Query…');
    await (await workbench.webview(/1 row/)).getByRole('cell', { name: 'First signal' }).waitFor();
    await workbench.command('View: Close All Editors');
  });

  test('the same query runs on a local server', async () => {
    await workbench.openFile('queries', 'signals.gq');
    await workbench.command('Omnigraph: Start Local Server');
    await workbench.page
      .getByText(/spike-intel is served at http/)
      .first()
      .waitFor();
    await workbench.goTo(4, 5);
    await workbench.command('Omnigraph: Run Query…');
    const panel = await workbench.webview(/1 row/);
    await panel.getByTitle('Run against something else').click();
    await workbench.page
      .locator('.quick-input-list')
      .getByText(/spike at http/)
      .click();
    await panel.getByText(/spike at http/).waitFor();
    await panel.getByRole('cell', { name: 'First signal' }).waitFor();
    await workbench.picture('18-on-a-server');
    await workbench.command('Omnigraph: Stop Local Server');
    await workbench.command('View: Close All Editors');
  });

  test('the schema diagram shows every type', async () => {
    await workbench.openFile('schema.pg');
    await workbench.command('Omnigraph: Show Schema Diagram');
    const panel = await workbench.webview(/\d+ types, \d+ edges/);
    await panel.locator('.canvas canvas').first().waitFor();
    await workbench.picture('13-diagram-dark');
    await workbench.command('View: Close All Editors');
  });

  test('the cluster view lists graphs, queries and policies', async () => {
    await workbench.command('View: Show Omnigraph');
    const tree = workbench.page.locator('.pane-body .monaco-list').filter({ hasText: 'spike-intel' });
    await tree.getByText('spike', { exact: true }).first().waitFor();
    await tree.getByText('Policies').waitFor();
    await workbench.picture('14-cluster-view');
  });

  test('a policy shows who may do what', async () => {
    await workbench.openFile('policies', 'intel.policy.yaml');
    await workbench.command('Omnigraph: Show Who May Do What');
    const panel = await workbench.webview('Who may do what');
    await panel.getByRole('rowheader', { name: /act-analyst/ }).waitFor();
    await workbench.picture('15-policy-matrix');
    await workbench.command('View: Close All Editors');
  });

  test('policy tests run in the test explorer', async () => {
    await workbench.write(CASES, 'policies', 'intel.policy.tests.yaml');
    await workbench.openFile('intel.policy.tests.yaml');
    await workbench.command('Test: Run All Tests');
    await workbench.page.locator('.testing-run-glyph, .codicon-testing-failed-icon').first().waitFor();
    await workbench.picture('16-policy-tests');
    await workbench.command('View: Close All Editors');
    await workbench.remove('policies', 'intel.policy.tests.yaml');
  });

  test('a light theme recolours editor and panels', async () => {
    await workbench.openFile('cluster.yaml');
    await workbench.command('Omnigraph: Show Plan');
    const panel = await workbench.webview(/Nothing to apply/);
    const background = (): Promise<string> => panel.evaluate('getComputedStyle(document.body).backgroundColor');
    const dark = await background();
    await workbench.command('Preferences: Toggle between Light/Dark Themes');
    await expect.poll(background, { timeout: 20_000 }).not.toBe(dark);
    await workbench.picture('17-light-theme');
  });

  test('it activates fast', async () => {
    expect(await workbench.activationTime()).toBeLessThan(MOST_ACTIVATION_MS);
  });

  test('nothing went wrong in the extension host', async () => {
    expect(await workbench.loggedErrors()).toEqual([]);
  });
});

const CASES = `version: 1
cases:
  - { id: analyst-reads, actor: act-analyst, action: read, branch: main, expect: allow }
  - { id: reader-writes, actor: act-reader, action: change, branch: main, expect: allow }
`;

const STAMPS = 'createdAt: now() updatedAt: now()';

const SEED = `query seed() {
  insert Signal { slug: "first" name: "First signal" summary: "A signal" stagingTimestamp: now() ${STAMPS} }
  insert Pattern { slug: "wave" name: "A wave" kind: "dynamic" ${STAMPS} }
  insert FormsPattern { from: "first" to: "wave" }
}`;

const LINKED = `query linked() {
    match {
        $s: Signal
        $s formsPattern $p
    }
    return { $s.slug, $s.name, $p.name as pattern }
}
`;
