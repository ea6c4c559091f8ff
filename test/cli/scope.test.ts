import { describe, expect, test } from 'vitest';
import { parseOperatorConfig } from '../../cli/src/operator/config.js';
import type { GlobalFlags } from '../../cli/src/scope/global-flags.js';
import { resolveScope, type Scope, storeOfDataCommand } from '../../cli/src/scope/resolve.js';
import { accessOf } from '../../cli/src/scope/uri.js';
import { NO_FLAGS } from './flags.js';

const PROFILES = `
servers: { north-dock: { url: "https://dock.example/" } }
clusters: { fleet: { root: ./fleet } }
profiles:
  s: { server: north-dock, default_graph: fleet }
  c: { cluster: fleet }
  st: { store: p.omni }
  st-graph: { store: p.omni, default_graph: g }
  nothing: {}
  bad: { server: north-dock, store: p.omni }
  all: { server: north-dock, store: p.omni, cluster: fleet }
`;

interface Given {
  readonly uri?: string;
  readonly flags?: Partial<GlobalFlags>;
  readonly env?: Record<string, string>;
  readonly config?: string;
}

const configOf = ({ config }: Given) => parseOperatorConfig(PROFILES + (config ?? ''), 'config.yaml').config;

const scopeOf = (given: Given): Scope =>
  resolveScope(
    { uri: given.uri, uriName: 'the URI argument', flags: { ...NO_FLAGS, ...given.flags }, env: given.env ?? {} },
    configOf(given),
  );

const store = (uri: string, source: string): Scope => ({ kind: 'store', uri, source });

describe('one scope', () => {
  test.each<[string, Given, Scope]>([
    ['positional', { uri: 'g.omni' }, store('g.omni', 'the URI argument')],
    ['--store', { flags: { store: 'g.omni' } }, store('g.omni', '`--store`')],
    [
      '--server with --graph',
      { flags: { server: 'x', graph: 'g' } },
      { kind: 'server', server: 'x', graph: 'g', source: '`--server`' },
    ],
    [
      '--cluster with --graph',
      { flags: { cluster: 'x', graph: 'g' } },
      { kind: 'cluster', cluster: 'x', graph: 'g', source: '`--cluster`' },
    ],
    [
      'an explicit address beats an unknown profile',
      { uri: 'g.omni', flags: { profile: 'zz' } },
      store('g.omni', 'the URI argument'),
    ],
    [
      'an explicit address beats the environment',
      { uri: 'g.omni', env: { OMNIGRAPH_PROFILE: 'zz' } },
      store('g.omni', 'the URI argument'),
    ],
    [
      "a profile's graph",
      { flags: { profile: 's' } },
      { kind: 'server', server: 'north-dock', graph: 'fleet', source: "profile 's'" },
    ],
    [
      '--graph beats the profile',
      { flags: { profile: 's', graph: 'other' } },
      { kind: 'server', server: 'north-dock', graph: 'other', source: "profile 's'" },
    ],
    ['the environment names a profile', { env: { OMNIGRAPH_PROFILE: 'st' } }, store('p.omni', "profile 'st'")],
    [
      '--profile beats the environment',
      { flags: { profile: 'c' }, env: { OMNIGRAPH_PROFILE: 'st' } },
      { kind: 'cluster', cluster: 'fleet', graph: undefined, source: "profile 'c'" },
    ],
    [
      'a profile does not inherit the default graph',
      { flags: { profile: 'c' }, config: 'defaults: { server: x, default_graph: d }' },
      { kind: 'cluster', cluster: 'fleet', graph: undefined, source: "profile 'c'" },
    ],
    [
      'defaults.server with its graph',
      { config: 'defaults: { server: x, default_graph: d }' },
      { kind: 'server', server: 'x', graph: 'd', source: 'operator defaults' },
    ],
    [
      'an empty OMNIGRAPH_PROFILE is unset',
      { env: { OMNIGRAPH_PROFILE: '' }, config: 'defaults: { store: d.omni }' },
      store('d.omni', 'operator defaults'),
    ],
  ])('%s', (_, given, expected) => {
    expect(scopeOf(given)).toEqual(expected);
  });
});

describe('no scope', () => {
  test.each<[string, Given, readonly string[]]>([
    ['two addresses', { uri: 'g', flags: { server: 's' } }, ['the URI argument and `--server` are mutually exclusive']],
    [
      'all four',
      { uri: 'g', flags: { store: 's', server: 's', cluster: 'c' } },
      ['the URI argument, `--store`, `--server` and `--cluster` are mutually exclusive'],
    ],
    ['--graph with a URI', { uri: 'g', flags: { graph: 'x' } }, ['already a single graph']],
    ['--graph with --store', { flags: { store: 'g', graph: 'x' } }, ['already a single graph']],
    ['unknown profile', { flags: { profile: 'zz' } }, ["unknown profile 'zz'", 'st-graph']],
    [
      'a profile without binding',
      { flags: { profile: 'nothing' } },
      ["'nothing' binds no scope", 'server, cluster or store'],
    ],
    ['a profile with two bindings', { flags: { profile: 'bad' } }, ["'bad' binds 2 scopes (server, store)"]],
    ['a profile with three', { flags: { profile: 'all' } }, ["'all' binds 3 scopes (server, cluster, store)"]],
    ['--graph with a store profile', { flags: { profile: 'st', graph: 'g' } }, ['does not apply to a store scope']],
    ['a store profile with a default graph', { flags: { profile: 'st-graph' } }, ['does not apply to a store scope']],
    [
      '--graph with a default store',
      { flags: { graph: 'g' }, config: 'defaults: { store: d }' },
      ['does not apply to a store scope'],
    ],
    ['an empty URI', { uri: '' }, ['the storage URI is empty']],
    ['nothing', {}, ['no graph addressed', 'URI', '--store', '--server', '--profile', 'default scope']],
    ['--graph alone', { flags: { graph: 'g' } }, ['no graph addressed']],
  ])('%s', (_, given, facts) => {
    for (const fact of facts) expect(() => scopeOf(given)).toThrow(fact);
  });
});

describe('the store of a data command', () => {
  const storeOf = (given: Given): string => storeOfDataCommand('query', scopeOf(given), configOf(given));

  test.each<[string, Given, readonly string[]]>([
    ['an http store', { flags: { store: 'http://h:1' } }, ['http://h:1', '`--server <url>`']],
    [
      'a cluster profile',
      { flags: { profile: 'c' } },
      ["profile 'c'", 'not valid for graph data commands', '--server', '--store'],
    ],
    ['an unknown server', { flags: { server: 'nope' } }, ["unknown server 'nope'", 'north-dock']],
    ['a server with another scheme', { flags: { server: 's3://b' } }, ['s3://b', 'not an http:// or https:// URL']],
    [
      'a server',
      { flags: { server: 'north-dock' } },
      ['https://dock.example ', 'remote commands are not available in this version'],
    ],
    [
      'a default server',
      { config: 'defaults: { server: "http://h" }' },
      ['operator defaults', 'not available in this version'],
    ],
  ])('%s is refused', (_, given, facts) => {
    for (const fact of facts) expect(() => storeOf(given)).toThrow(fact);
  });

  test.each([['g.omni'], ['file:///g.omni'], ['s3://b/g.omni']])('%s is used as it is', (uri) => {
    expect(storeOf({ uri })).toBe(uri);
  });
});

test.each([
  ['g.omni', 'direct, local'],
  ['file:///g.omni', 'direct, local'],
  ['s3://b/g.omni', 'direct, remote'],
  ['gs://b/g.omni', 'direct, remote'],
  ['https://h/graphs/g', 'served'],
])('%s is reached %s', (uri, access) => {
  expect(accessOf(uri)).toBe(access);
});
