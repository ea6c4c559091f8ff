/** Every name of real schemas, renamed: all files still check, and the migration renames what is stored and no more. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Catalog, createQueryCompiler, createSchemaCompiler, hasErrors, planMigration } from 'omnigraph-language';
import { expect, test } from 'vitest';
import { type EditorSymbol, renameSymbol } from '../../../../language/src/editor/symbols/index.js';
import { CORPUS, hasCorpus } from '../../../support/corpus.js';
import { edited, openFolder, uriOf } from './fixture.js';

const DEMO = fileURLToPath(new URL('../../../../cli/demo/operations', import.meta.url));
const folders = [DEMO, ...(hasCorpus ? ['industry-intel', 'second-brain'].map((name) => join(CORPUS, name)) : [])];

const filesOf = (folder: string): Readonly<Record<string, string>> =>
  Object.fromEntries(
    readdirSync(folder, { recursive: true, encoding: 'utf8' })
      .filter((path) => /\.(pg|gq)$|cluster\.yaml$/.test(path))
      .map((path) => [path, readFileSync(join(folder, path), 'utf8')]),
  );

const schemaCompiler = createSchemaCompiler();
const queryCompilers = new Map<string, ReturnType<typeof createQueryCompiler>>();

function queryCompilerOf(path: string) {
  const compiler = queryCompilers.get(path) ?? createQueryCompiler();
  queryCompilers.set(path, compiler);
  return compiler;
}

function compiled(text: string): Catalog {
  const { catalog, diagnostics } = schemaCompiler.compile(text);
  if (catalog === undefined || hasErrors(diagnostics)) throw new Error(`errors in ${text}`);
  return catalog;
}

/** All types and declared properties, each with a name that nothing else has. */
function namesOf(schema: string, catalog: Catalog): readonly (readonly [EditorSymbol, string])[] {
  return [...catalog.interfaces.values(), ...catalog.nodes.values(), ...catalog.edges.values()].flatMap((type) => [
    ...(type.kind === 'interface'
      ? []
      : [[{ kind: 'type', schema, entity: type.kind, name: type.name }, `Renamed${type.name}`] as const]),
    ...[...type.properties.values()]
      .filter(({ declaredDirectly }) => declaredDirectly)
      .map(({ name }) => {
        const symbol = { kind: 'property', schema, entity: type.kind, typeName: type.name, name } as const;
        return [symbol, `renamed_${name}`] as const;
      }),
  ]);
}

test.each(folders)('in %s', async (folder) => {
  const files = filesOf(folder);
  const schemaPath = Object.keys(files).find((path) => path.endsWith('.pg')) ?? '';
  const { context } = await openFolder(files);
  const before = compiled(files[schemaPath] ?? '');
  const symbols = namesOf(uriOf(schemaPath), before);
  expect(symbols.length).toBeGreaterThan(20);
  for (const [symbol, newName] of symbols) {
    const edit = await renameSymbol(context, symbol, newName);
    const after = (path: string): string => edited(files[path] ?? '', edit?.changes?.[uriOf(path)] ?? []);
    const catalog = compiled(after(schemaPath));
    const steps = planMigration(before, catalog).steps.map(({ kind }) => kind);
    expect([...new Set(steps)], `renaming to ${newName}`).toEqual([
      symbol.kind === 'type' ? 'rename_type' : 'rename_property',
    ]);
    for (const { path, text } of changedQueries(files, after)) {
      const { diagnostics } = queryCompilerOf(path).compile(text, catalog);
      expect(
        diagnostics.filter(({ severity }) => severity === 'error'),
        `${path}, renaming to ${newName}`,
      ).toEqual([]);
    }
  }
});

const changedQueries = (files: Readonly<Record<string, string>>, after: (path: string) => string) =>
  Object.keys(files)
    .filter((path) => path.endsWith('.gq'))
    .map((path) => ({ path, text: after(path) }))
    .filter(({ path, text }) => text !== files[path]);
