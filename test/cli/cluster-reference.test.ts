/** The cluster reference lists every key, flag and diagnostic that there is, and none that there is not. */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { CLUSTER_CODES, type CodeArea } from 'omnigraph-language';
import { describe, expect, test } from 'vitest';
import { buildProgram } from '../../cli/src/program.js';
import { COMMAND_SCOPES, isCommandId } from '../../cli/src/scope/matrix.js';
import { CLUSTER_SHAPE } from '../../language/src/editor/cluster/keys.js';
import type { YamlShape } from '../../language/src/editor/yaml/shape.js';
import { fakeTerminal } from './fake-terminal.js';

const pageOf = (name: string): string =>
  readFileSync(fileURLToPath(new URL(`../../cli/docs/${name}`, import.meta.url)), 'utf8');

const PAGE = pageOf('cluster-reference.md');

/** The rows of the table below a heading, cell by cell, without the header. */
function tableBelow(heading: string): readonly (readonly string[])[] {
  const start = PAGE.indexOf(`\n${heading}\n`);
  if (start === -1) throw new Error(`no heading "${heading}"`);
  const [section = ''] = PAGE.slice(start + heading.length + 2).split(/\n#{2,3} /);
  const rows = section.split('\n').filter((line) => line.startsWith('| '));
  return rows.slice(1).map((line) =>
    line
      .slice(2, -2)
      .split(' | ')
      .map((cell) => cell.trim()),
  );
}

const codeIn = (cell = ''): string => cell.replace(/^`(.*)`$/, '$1');

describe('keys of cluster.yaml', () => {
  const written = tableBelow('## `cluster.yaml`');
  const known = keysOf(CLUSTER_SHAPE, '');

  test('all of them, each once', () =>
    expect(written.map(([key]) => codeIn(key)).sort()).toEqual(known.map(({ path }) => path).sort()));

  test.each(written)('%s is required when the decoder requires it', (key, _, fallback) => {
    const shape = known.find(({ path }) => path === codeIn(key));
    // An API key is optional for one kind of provider, which no decoder knows.
    if (codeIn(key).endsWith('.api_key')) return expect(fallback).toBe('required, except for `mock`');
    expect(fallback === 'required').toBe(shape?.required);
  });
});

interface KnownKey {
  readonly path: string;
  readonly required: boolean;
}

function keysOf(shape: YamlShape, at: string): readonly KnownKey[] {
  switch (shape.kind) {
    case 'scalar':
      return [];
    case 'map':
      return [...shape.keys].flatMap(([name, key]) => {
        const path = at === '' ? name : `${at}.${name}`;
        const own = { path, required: key.required };
        // `graphs` and its like are rows; the names below them are the user's.
        return [own, ...keysOf(key.shape, path)];
      });
    case 'named':
      return keysOf(shape.of, `${at}.<name>`);
    case 'list':
      return keysOf(shape.of, `${at}[]`);
    case 'either':
      return shape.forms.flatMap((form) => keysOf(form, at));
    default:
      return shape satisfies never;
  }
}

describe('commands', () => {
  const { root } = buildProgram(fakeTerminal().terminal, []);
  const commands = root.commands.find((command) => command.name() === 'cluster')?.commands ?? [];
  const titleOf = (command: (typeof commands)[number]): string =>
    ['cluster', command.name(), ...command.registeredArguments.map((argument) => `<${argument.name()}>`)].join(' ');

  test('all of them', () =>
    expect([...PAGE.matchAll(/^### `(cluster .*)`$/gm)].map(([, title]) => title).sort()).toEqual(
      commands.map(titleOf).sort(),
    ));

  test.each(commands.map((command) => [titleOf(command), command] as const))('%s: all flags', (title, command) => {
    const id = `cluster ${command.name()}`;
    const accepted = isCommandId(id) ? COMMAND_SCOPES[id].accepts : [];
    const flags = [...command.options.map((option) => option.flags), ...accepted.map((flag) => `--${flag} <actor>`)];
    expect(
      tableBelow(`### \`${title}\``)
        .map(([flag]) => codeIn(flag))
        .sort(),
    ).toEqual(flags.sort());
  });
});

describe('diagnostics', () => {
  test.each<[string, CodeArea]>([
    ['### Configuration', 'configuration'],
    ['### Commands', 'command'],
    ['### Server boot', 'boot'],
  ])('%s: all codes, each with severity, meaning and remedy', (heading, area) => {
    const rows = tableBelow(heading);
    const known = [...CLUSTER_CODES].filter(([, entry]) => entry.area === area);
    expect(rows.map(([code]) => codeIn(code))).toEqual(known.map(([code]) => code));
    for (const [code = '', severity = '', meaning = '', remedy = '', ...more] of rows) {
      const said = CLUSTER_CODES.get(codeIn(code))?.meaning ?? '';
      expect(meaning.toLowerCase(), code).toBe(`${said.toLowerCase()}.`);
      expect(severity, code).toMatch(/^(error|warning)/);
      expect(remedy, code).toMatch(/^.{12,}[.]$/);
      expect(more, code).toEqual([]);
    }
  });
});

test.each(['operator-guide.md', 'cluster-reference.md'])('%s names commands and codes that exist', (name) => {
  const text = pageOf(name);
  const { root } = buildProgram(fakeTerminal().terminal, []);
  const names = new Set(
    root.commands.find((command) => command.name() === 'cluster')?.commands.map((each) => each.name()),
  );
  const mentioned = [...text.matchAll(/`(?:omnigraph )?cluster ([a-z-]+)/g)].map(([, command]) => command);
  expect(mentioned.filter((command) => command !== undefined && !names.has(command))).toEqual([]);
  const codes = [...text.matchAll(/`([a-z]+(?:_[a-z]+){2,})`/g)].map(([, code]) => code ?? '');
  expect(codes.filter((code) => !CLUSTER_CODES.has(code) && !NOT_CODES.has(code))).toEqual([]);
});

/** Words of the same shape: conditions of a status. */
const NOT_CODES: ReadonlySet<string> = new Set(['actual_applied_state_pending']);
