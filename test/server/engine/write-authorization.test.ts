import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { compileQueries } from 'omnigraph-language';
import { GraphError, graphLocation, initGraph, openGraph, type WriteQuestion } from 'omnigraph-server/engine';
import { expect, onTestFinished, test } from 'vitest';

/** policy.md §6.4: every write entry asks before it does anything, whoever calls it. */
const SCHEMA = 'node Note { text: String }\n';

test('a refused write asks with its actor and branch, and changes nothing', async () => {
  const folder = await mkdtemp(path.join(tmpdir(), 'omnigraph-gate-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const location = graphLocation(path.join(folder, 'g.omni'), {});
  await initGraph(location, { schemaSource: SCHEMA, actor: null });
  const asked: WriteQuestion[] = [];
  const graph = await openGraph(location, {
    mode: 'write',
    authorizeWrite: (question) => {
      asked.push(question);
      throw new GraphError('forbidden', 'policy denied: not today');
    },
  });
  const before = await graph.snapshot();
  const plan = compileQueries('query q() { insert Note { text: "a" } }', graph.catalog).queries[0]?.plan;
  if (plan?.kind !== 'mutation') throw new Error('the mutation does not check');

  const writes = [
    graph.mutate({ plan, params: new Map(), branch: 'main', actor: 'act-x' }),
    graph.load({ source: '', mode: 'merge', branch: 'main', actor: null }),
    graph.applySchema(`${SCHEMA}node Other {}\n`, { actor: 'act-x', allowDataLoss: false }),
  ];
  for (const write of writes)
    await expect(write).rejects.toMatchObject({ kind: 'forbidden', message: 'policy denied: not today' });

  expect(asked).toEqual([
    { action: 'change', actor: 'act-x', branch: 'main' },
    { action: 'change', actor: null, branch: 'main' },
    { action: 'schema_apply', actor: 'act-x', targetBranch: 'main' },
  ]);
  expect(await graph.snapshot()).toEqual(before);
  await graph.close();
});
