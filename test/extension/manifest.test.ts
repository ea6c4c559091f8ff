import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const EXTENSION = fileURLToPath(new URL('../../extension', import.meta.url));

interface Manifest {
  readonly contributes: {
    readonly languages: readonly { readonly configuration: string; readonly icon: Readonly<Record<string, string>> }[];
    readonly grammars: readonly { readonly path: string; readonly scopeName: string }[];
    readonly snippets: readonly { readonly path: string }[];
    readonly commands: readonly { readonly command: string }[];
    readonly menus: Readonly<Record<string, readonly { readonly command: string }[]>>;
    readonly keybindings: readonly { readonly command: string }[];
    readonly configuration: readonly {
      readonly properties: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
    }[];
    readonly walkthroughs: readonly { readonly steps: readonly { readonly media: { readonly markdown: string } }[] }[];
  };
}

const { contributes } = JSON.parse(readFileSync(join(EXTENSION, 'package.json'), 'utf8')) as Manifest;

const sources = readdirSync(join(EXTENSION, 'src'), { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.ts'))
  .map((name) => readFileSync(join(EXTENSION, 'src', name), 'utf8'))
  .join('\n');

const files = [
  ...contributes.languages.flatMap(({ configuration, icon }) => [configuration, ...Object.values(icon)]),
  ...[...contributes.grammars, ...contributes.snippets].map(({ path }) => path),
  ...contributes.walkthroughs.flatMap(({ steps }) => steps.map(({ media }) => media.markdown)),
];

test.each(files)('the manifest names a file that is there: %s', (file) => {
  expect(existsSync(join(EXTENSION, file))).toBe(true);
});

test.each(contributes.commands.map(({ command }) => command))('the command %s is registered', (command) => {
  expect(sources).toContain(`commands.register('${command}'`);
});

test('menus and keys lead to commands that exist', () => {
  const known = new Set(contributes.commands.map(({ command }) => command));
  const used = [...Object.values(contributes.menus).flat(), ...contributes.keybindings].map(({ command }) => command);
  expect(used.filter((command) => !known.has(command))).toEqual([]);
});

test('every setting says what it does', () => {
  const settings = contributes.configuration.flatMap(({ properties }) => Object.entries(properties));
  const silent = settings.filter(
    ([, setting]) => setting.description === undefined && setting.markdownDescription === undefined,
  );
  expect(silent).toEqual([]);
});
