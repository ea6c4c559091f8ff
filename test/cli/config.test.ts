import { describe, expect, test } from 'vitest';
import { parseOperatorConfig } from '../../cli/src/operator/config.js';
import { operatorHome } from '../../cli/src/operator/home.js';

const PATH = '/home/o/config.yaml';
const parse = (text: string) => parseOperatorConfig(text, PATH);
const refuses = (text: string, ...facts: readonly string[]): void => {
  for (const fact of facts) expect(() => parse(text)).toThrow(fact);
};

const FULL = `
operator: { actor: act-mireille }
servers:
  north-dock: { url: "https://graph.harbour.example" }
clusters:
  fleet: { root: "s3://harbour-data/clusters/fleet" }
defaults: { output: jsonl, server: north-dock, default_graph: fleet, table_max_column_width: 20, table_cell_layout: wrap }
profiles:
  sandbox: { store: "file:///var/tmp/sandbox.omni" }
  fleet-admin: { cluster: fleet, default_graph: fleet }
aliases:
  berths: { server: north-dock, graph: fleet, query: open_berths, args: [code], params: { limit: 10 }, format: kv }
`;

describe('a well-formed config', () => {
  test('is read whole, maps sorted by name, without warnings', () => {
    expect(parse(FULL)).toEqual({
      config: {
        actor: 'act-mireille',
        defaults: {
          output: 'jsonl',
          tableMaxColumnWidth: 20,
          tableCellLayout: 'wrap',
          server: 'north-dock',
          store: undefined,
          defaultGraph: 'fleet',
        },
        servers: new Map([['north-dock', { url: 'https://graph.harbour.example' }]]),
        clusters: new Map([['fleet', { root: 's3://harbour-data/clusters/fleet' }]]),
        profiles: new Map([
          ['fleet-admin', { server: undefined, cluster: 'fleet', store: undefined, defaultGraph: 'fleet' }],
          [
            'sandbox',
            { server: undefined, cluster: undefined, store: 'file:///var/tmp/sandbox.omni', defaultGraph: undefined },
          ],
        ]),
      },
      warnings: [],
    });
    expect([...parse(FULL).config.profiles.keys()]).toEqual(['fleet-admin', 'sandbox']);
  });

  test.each([
    [''],
    ['\n'],
    ['# nothing\n'],
    ['operator:\ndefaults:\nservers:\nprofiles:\nclusters:\naliases:\n'],
    ['null'],
  ])('an empty file or null sections are the empty layer: %j', (text) => {
    const { config, warnings } = parse(text);
    expect(warnings).toEqual([]);
    expect(config.actor).toBeUndefined();
    expect(config.defaults.tableMaxColumnWidth).toBe(80);
    expect(config.defaults.tableCellLayout).toBe('truncate');
    expect(config.servers.size + config.clusters.size + config.profiles.size).toBe(0);
  });

  test('a name may be __proto__', () => {
    expect(parse('servers: { __proto__: { url: "http://a" } }').config.servers.get('__proto__')).toEqual({
      url: 'http://a',
    });
  });
});

describe('unknown keys are warnings that name the dotted path', () => {
  test.each([
    ['colour: red', 'colour'],
    ['operator: { colour: red }', 'operator.colour'],
    ['defaults: { colour: red }', 'defaults.colour'],
    ['servers: { a: { url: "http://a", colour: red } }', 'servers.a.colour'],
    ['clusters: { a: { root: ".", colour: red } }', 'clusters.a.colour'],
    ['profiles: { a: { store: x, colour: red } }', 'profiles.a.colour'],
    ['aliases: { a: { server: s, query: q, colour: red } }', 'aliases.a.colour'],
  ])('%s', (text, key) => {
    expect(parse(text).warnings).toEqual([`warning: ${PATH}: unknown key \`${key}\` is ignored`]);
  });
});

describe('what breaks the schema is refused with file and line', () => {
  test.each<[string, readonly string[]]>([
    ['operator: [', ['could not parse', `${PATH}:1`]],
    ['- a', ['could not parse', 'must be a mapping']],
    ['operator: 3', ['could not parse', '`operator` must be a mapping']],
    ['operator:\n  actor: 3', [`could not parse ${PATH}:2:10`, '`operator.actor` must be a string']],
    ['defaults: { output: xml }', ['`defaults.output` must be one of table, kv, csv, jsonl, json']],
    ['defaults: { table_max_column_width: -1 }', ['`defaults.table_max_column_width` must be a non-negative integer']],
    ['defaults: { table_max_column_width: 1.5 }', ['must be a non-negative integer']],
    ['defaults: { table_cell_layout: fold }', ['`defaults.table_cell_layout` must be one of truncate, wrap']],
    ['servers: { a: {} }', ['`servers.a.url` is required']],
    ['servers: { a: }', ['`servers.a.url` is required']],
    ['clusters: { a: {} }', ['`clusters.a.root` is required']],
    ['aliases: { a: { query: q } }', ['`aliases.a.server` is required']],
    ['aliases: { a: { server: s } }', ['`aliases.a.query` is required']],
    ['aliases: { a: { server: s, query: q, args: x } }', ['`aliases.a.args` must be a list of strings']],
    ['aliases: { a: { server: s, query: q, params: [1] } }', ['`aliases.a.params` must be a mapping']],
    ['servers: { a: { url: x }, a: { url: y } }', ['could not parse']],
    ['defaults: { server: a, store: b }', ['`defaults.server` and `defaults.store`', 'one entity']],
    ['defaults: { store: b, default_graph: g }', ['`defaults.default_graph`', 'already a single graph']],
  ])('%s', (text, facts) => refuses(text, ...facts));
});

describe('where the operator files live', () => {
  test.each<[Record<string, string>, string | undefined]>([
    [{ HOME: '/h' }, '/h/.omnigraph'],
    [{ HOME: '/h', OMNIGRAPH_HOME: '/x' }, '/x'],
    [{ HOME: '/h', OMNIGRAPH_HOME: '~' }, '/h'],
    [{ HOME: '/h', OMNIGRAPH_HOME: '~/y' }, '/h/y'],
    [{ HOME: '/h', OMNIGRAPH_HOME: '~y' }, '~y'],
    [{ HOME: '/h', OMNIGRAPH_HOME: '' }, '/h/.omnigraph'],
    [{ OMNIGRAPH_HOME: '~/y' }, undefined],
    [{}, undefined],
  ])('%o', (env, expected) => {
    expect(operatorHome(env)).toBe(expected);
  });
});
