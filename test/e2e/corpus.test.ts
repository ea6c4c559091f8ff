import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Served, serve } from '../server/http/client.js';
import { omnigraph } from '../support/built-cli.js';
import { copyCorpusCluster, hasCorpus } from '../support/corpus.js';

/** Real clusters, from files to answers over HTTP. The whole line is the product: no step is stubbed. */
const SECOND_BRAIN_YAML = `version: 1
graphs:
  brain:
    schema: schema.pg
    queries: queries/
policies:
  brain:
    file: brain.policy.yaml
    applies_to: [brain]
`;

const BRAIN_POLICY = `version: 1
groups: { readers: [act-reader] }
rules:
  - { id: call, allow: { actors: { group: readers }, actions: [invoke_query] } }
  - { id: read, allow: { actors: { group: readers }, actions: [read], branch_scope: any } }
`;

interface Deployment {
  readonly folder: string;
  readonly served: Served;
}

const TOKENS = '{"act-reader":"tr","act-analyst":"ta","act-admin":"tm"}';

async function run(cwd: string, ...args: string[]): Promise<string> {
  const result = await omnigraph(args, { cwd });
  expect(result, `omnigraph ${args.join(' ')}`).toMatchObject({ code: 0 });
  return result.stdout;
}

async function deploy(folder: string, graph: string): Promise<Deployment> {
  await run(folder, 'cluster', 'validate');
  await run(folder, 'cluster', 'import');
  const plan = JSON.parse(await run(folder, 'cluster', 'plan', '--json'));
  expect(
    plan.changes.every(
      (change: { operation: string; disposition: string }) =>
        change.operation === 'create' && change.disposition === 'applied',
    ),
  ).toBe(true);
  expect(JSON.parse(await run(folder, 'cluster', 'apply', '--json', '--as', 'act-analyst'))).toMatchObject({
    ok: true,
    converged: true,
  });
  const ledger = readFileSync(join(folder, '__cluster/state.json'));
  expect(JSON.parse(await run(folder, 'cluster', 'apply', '--json'))).toMatchObject({
    ok: true,
    changes: [],
    converged: true,
    state_written: false,
  });
  expect(readFileSync(join(folder, '__cluster/state.json'))).toEqual(ledger);
  await run(folder, 'load', `graphs/${graph}.omni`, '--data', 'seed.jsonl', '--mode', 'append');
  return { folder, served: await serve(folder, { env: { OMNIGRAPH_SERVER_BEARER_TOKENS_JSON: TOKENS } }) };
}

interface SeedLine {
  readonly type?: string;
  readonly data?: Readonly<Record<string, unknown>>;
}

function seed(folder: string): readonly SeedLine[] {
  return readFileSync(join(folder, 'seed.jsonl'), 'utf8')
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map((line) => JSON.parse(line) as SeedLine);
}

/** Candidate values of a parameter: every value the seed holds under that name. */
function candidates(lines: readonly SeedLine[], name: string): readonly unknown[] {
  if (name === 'q') return ['agent', 'project', 'ai'];
  if (name === 'since') return ['2020-01-01T00:00:00Z'];
  const values = lines
    .flatMap(({ data }) => [data?.[name]].flat())
    .filter((value) => value !== undefined && value !== null);
  return [...new Set(values)];
}

interface CatalogEntry {
  readonly name: string;
  readonly mutation: boolean;
  readonly params: readonly { readonly name: string }[];
}

/** Calls every stored read query with every candidate value; the total of rows each query answered. */
async function askEverything(
  { folder, served }: Deployment,
  graph: string,
  skipped: ReadonlySet<string>,
): Promise<Record<string, number>> {
  const lines = seed(folder);
  const catalog = (await served.request('GET', `/graphs/${graph}/queries`, { token: 'tr' })).json as {
    queries: CatalogEntry[];
  };
  const totals: Record<string, number> = {};
  for (const { name, params } of catalog.queries.filter((query) => !query.mutation && !skipped.has(query.name))) {
    const [param] = params;
    const bodies =
      param === undefined ? [{}] : candidates(lines, param.name).map((value) => ({ params: { [param.name]: value } }));
    totals[name] = 0;
    for (const body of bodies) {
      const answer = await served.request('POST', `/graphs/${graph}/queries/${name}`, { token: 'tr', body });
      expect({ name, status: answer.status, text: answer.status === 200 ? '' : answer.text }).toEqual({
        name,
        status: 200,
        text: '',
      });
      totals[name] += (answer.json as { row_count: number }).row_count;
    }
  }
  return totals;
}

describe.skipIf(!hasCorpus)('industry-intel', () => {
  let deployment: Deployment;

  beforeAll(async () => {
    deployment = await deploy(copyCorpusCluster('industry-intel'), 'spike');
  }, 120_000);

  afterAll(async () => {
    await deployment?.served.server.close();
    if (deployment !== undefined) rmSync(dirname(deployment.folder), { recursive: true, force: true });
  });

  test('every stored read query answers over HTTP under a permitted actor', async () => {
    const ranked = new Set(['related_chunks', 'hybrid_chunks']);
    expect(await askEverything(deployment, 'spike', ranked)).toMatchInlineSnapshot(`
      {
        "contested_patterns": 0,
        "element_developer": 15,
        "element_enables": 4,
        "element_patterns": 16,
        "element_signals": 12,
        "element_sources": 0,
        "element_uses": 4,
        "elements_by_kind": 24,
        "get_element": 24,
        "get_insight": 4,
        "get_knowhow": 2,
        "get_pattern": 5,
        "get_signal": 15,
        "insight_elements": 8,
        "insight_patterns": 4,
        "knowhow_elements": 5,
        "knowhow_sources": 3,
        "orphan_signals": 0,
        "pattern_contradicts": 0,
        "pattern_drives": 0,
        "pattern_elements": 16,
        "pattern_insights": 4,
        "pattern_momentum": 5,
        "pattern_relies_on": 0,
        "pattern_signals": 15,
        "patterns_by_kind": 5,
        "recent_knowhow": 2,
        "recent_signals": 15,
        "search_elements": 7,
        "search_insights": 2,
        "search_knowhow": 1,
        "search_patterns": 1,
        "search_signals": 10,
        "signal_companies": 9,
        "signal_contradictions": 0,
        "signal_elements": 12,
        "signal_patterns": 15,
        "signal_sources": 16,
        "stale_patterns": 0,
        "unsourced_signals": 1,
      }
    `);
  }, 120_000);

  test.each([
    ['act-reader', 'tr', { graphs: 403, schema: 200, query: 200, mutation: 403, adhoc: 403 }],
    ['act-analyst', 'ta', { graphs: 403, schema: 200, query: 200, mutation: 200, adhoc: 200 }],
    ['act-admin', 'tm', { graphs: 200, schema: 403, query: 404, mutation: 404, adhoc: 403 }],
  ])('%s sees exactly what the two bundles say', async (_actor, token, expected) => {
    const { request } = deployment.served;
    const pattern = {
      params: {
        slug: `pat-${token}`,
        name: 'New',
        kind: 'dynamic',
        brief: 'x',
        createdAt: '2026-01-01T00:00:00Z',
        updatedAt: '2026-01-01T00:00:00Z',
      },
    };
    expect({
      graphs: (await request('GET', '/graphs', { token })).status,
      schema: (await request('GET', '/graphs/spike/schema', { token })).status,
      query: (await request('POST', '/graphs/spike/queries/orphan_signals', { token })).status,
      mutation: (await request('POST', '/graphs/spike/queries/add_pattern', { token, body: pattern })).status,
      adhoc: (
        await request('POST', '/graphs/spike/mutate', {
          token,
          body: { query: 'query q() { delete Pattern where slug = "none" }' },
        })
      ).status,
    }).toEqual(expected);
  });
});

describe.skipIf(!hasCorpus)('second-brain', () => {
  let deployment: Deployment;

  beforeAll(async () => {
    const folder = copyCorpusCluster('second-brain');
    writeFileSync(join(folder, 'cluster.yaml'), SECOND_BRAIN_YAML);
    writeFileSync(join(folder, 'brain.policy.yaml'), BRAIN_POLICY);
    deployment = await deploy(folder, 'brain');
  }, 120_000);

  afterAll(async () => {
    await deployment?.served.server.close();
    if (deployment !== undefined) rmSync(dirname(deployment.folder), { recursive: true, force: true });
  });

  test('every stored read query answers over HTTP under a permitted actor', async () => {
    expect(await askEverything(deployment, 'brain', new Set())).toMatchInlineSnapshot(`
      {
        "area_goals": 4,
        "area_habits": 5,
        "area_projects": 7,
        "area_tasks": 4,
        "areas_active": 5,
        "areas_all": 5,
        "artifact_derived_from": 2,
        "artifact_mentions": 9,
        "artifacts_by_source": 11,
        "artifacts_by_thread": 4,
        "artifacts_recent": 11,
        "close_friends": 4,
        "event_attendees": 32,
        "event_place": 8,
        "event_project": 4,
        "events_by_kind": 12,
        "events_chronological": 12,
        "events_recent": 12,
        "family_members": 7,
        "finished_books": 3,
        "get_area": 5,
        "get_artifact": 11,
        "get_event": 12,
        "get_goal": 4,
        "get_media": 12,
        "get_note": 21,
        "get_person": 16,
        "get_project": 6,
        "get_task": 15,
        "goal_tasks": 2,
        "goals_active": 4,
        "habit_principle": 3,
        "habits_active": 5,
        "media_authored_by": 0,
        "media_by_kind": 12,
        "media_recommended_by": 4,
        "note_from_artifact": 1,
        "note_related": 4,
        "notes_by_kind": 21,
        "notes_recent": 21,
        "open_questions": 2,
        "people_all": 16,
        "people_by_relation": 16,
        "person_artifacts_from": 6,
        "person_artifacts_mentioning": 9,
        "person_family": 28,
        "person_knows": 20,
        "person_life_events": 5,
        "person_lives_in": 12,
        "person_notes": 7,
        "person_recent_events": 32,
        "person_recommended_media": 4,
        "person_tasks_i_owe": 4,
        "person_tasks_they_owe": 1,
        "person_works_at": 7,
        "preferences_for_person": 5,
        "principles_all": 3,
        "project_events": 4,
        "project_notes": 5,
        "project_people": 10,
        "project_tasks": 6,
        "projects_active": 4,
        "projects_exploring": 2,
        "reading_queue": 2,
        "task_dependencies": 1,
        "task_person": 8,
        "tasks_by_context": 12,
        "tasks_i_owe": 4,
        "tasks_inbox": 1,
        "tasks_next": 12,
        "tasks_someday": 1,
        "tasks_they_owe": 1,
        "tasks_waiting": 1,
        "tasks_waiting_on_person": 1,
      }
    `);
  }, 120_000);
});
