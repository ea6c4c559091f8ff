import { describe, expect, test } from 'vitest';
import type { GlobalFlags, ScopeFlag } from '../../cli/src/scope/global-flags.js';
import { guardProblem } from '../../cli/src/scope/guard.js';
import { COMMAND_SCOPES, type CommandId } from '../../cli/src/scope/matrix.js';
import { NO_FLAGS } from './flags.js';

const FLAGS: readonly ScopeFlag[] = ['server', 'cluster', 'graph', 'store', 'as', 'profile'];

/** cli.md §4, one row per command: ✓ and ✗ in the order of FLAGS. */
const MATRIX: readonly (readonly [CommandId, string])[] = [
  ['mutate', '✓✗✓✓✓✓'],
  ['load', '✓✗✓✓✓✓'],
  ['schema apply', '✓✗✓✓✓✓'],
  ['snapshot', '✓✗✓✓✓✓'],
  ['export', '✓✗✓✓✓✓'],
  ['schema show', '✓✗✓✓✓✓'],
  ['query', '✓✗✓✓✗✓'],
  ['commit list', '✓✗✓✓✗✓'],
  ['commit show', '✓✗✓✓✗✓'],
  ['lint', '✗✓✓✓✗✓'],
  ['schema plan', '✗✗✗✓✗✓'],
  ['init', '✗✗✗✗✗✗'],
  ['policy validate', '✗✓✓✗✗✓'],
  ['policy test', '✗✓✓✗✗✓'],
  ['policy explain', '✗✓✓✗✗✓'],
  ['queries list', '✗✓✓✗✗✓'],
  ['queries validate', '✗✓✓✗✗✓'],
  ['cluster apply', '✗✗✗✗✓✗'],
  ['cluster approve', '✗✗✗✗✓✗'],
  ['cluster validate', '✗✗✗✗✗✗'],
  ['cluster plan', '✗✗✗✗✗✗'],
  ['cluster status', '✗✗✗✗✗✗'],
  ['cluster refresh', '✗✗✗✗✗✗'],
  ['cluster import', '✗✗✗✗✗✗'],
  ['cluster force-unlock', '✗✗✗✗✗✗'],
  ['cluster gc', '✗✗✗✗✗✗'],
  ['cluster graph', '✗✗✗✗✗✗'],
  ['login', '✗✗✗✗✗✗'],
  ['logout', '✗✗✗✗✗✗'],
  ['profile list', '✗✗✗✗✗✗'],
  ['profile show', '✗✗✗✗✗✗'],
  ['lsp', '✗✗✗✗✗✗'],
  ['version', '✗✗✗✗✗✗'],
  ['completion', '✗✗✗✗✗✗'],
];

const cells = MATRIX.flatMap(([id, row]) => FLAGS.map((flag, at) => [id, flag, row[at] === '✓'] as const));

describe('the flag matrix', () => {
  test('has a row for every command', () => {
    expect(MATRIX.map(([id]) => id).sort()).toEqual(Object.keys(COMMAND_SCOPES).sort());
  });

  test.each(cells)('%s --%s: accepted is %s', (id, flag, accepted) => {
    const problem = guardProblem(COMMAND_SCOPES[id], { ...NO_FLAGS, [flag]: 'x' });
    expect(problem === undefined).toBe(accepted);
  });

  test.each(MATRIX)('%s accepts --yes and --quiet', (id) => {
    expect(guardProblem(COMMAND_SCOPES[id], { ...NO_FLAGS, yes: true, quiet: true })).toBeUndefined();
  });
});

describe('the refusal', () => {
  const refusal = (id: CommandId, flags: Partial<GlobalFlags>) =>
    guardProblem(COMMAND_SCOPES[id], { ...NO_FLAGS, ...flags });

  test.each<[CommandId, Partial<GlobalFlags>, string]>([
    [
      'query',
      { cluster: 'c' },
      '`query` is a data command; `--cluster` is for commands that work on a cluster and does not apply.',
    ],
    [
      'commit list',
      { as: 'a' },
      '`commit` is a data command; `--as` names the actor of an embedded write or of cluster apply/approve and does not apply.',
    ],
    [
      'init',
      { store: 's' },
      "`init` is a direct (storage-native) command; `--store` names one graph's storage and does not apply. Pass a storage URI.",
    ],
    [
      'schema plan',
      { server: 's' },
      '`schema plan` is a direct (storage-native) command; `--server` reaches a graph through a server and does not apply. Pass a storage URI.',
    ],
    [
      'cluster apply',
      { profile: 'p' },
      '`cluster` is a cluster control command; `--profile` picks a named scope and does not apply. It works on a config directory: pass `--config <dir>`.',
    ],
    [
      'queries list',
      { server: 's' },
      '`queries list` is a cluster control command; `--server` reaches a graph through a server and does not apply. Pass `--cluster <dir|uri>` or use a cluster profile.',
    ],
    [
      'login',
      { graph: 'g' },
      '`login` is a local command; `--graph` picks one graph inside a server or cluster and does not apply. It addresses no graph.',
    ],
  ])('%s with %o', (id, flags, text) => {
    expect(refusal(id, flags)).toBe(text);
  });

  test('names the first offender in the order server, cluster, graph, store, as, profile', () => {
    const all = { server: 'a', cluster: 'b', graph: 'c', store: 'd', as: 'e', profile: 'f' };
    const order = FLAGS.map((_, at) => {
      const rest = Object.fromEntries(FLAGS.slice(at).map((flag) => [flag, all[flag]]));
      return /; `--(\w+)`/.exec(refusal('version', rest) ?? '')?.[1];
    });
    expect(order).toEqual(FLAGS);
  });
});
