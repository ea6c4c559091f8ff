import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { ruleUri } from '../../cli/src/rules.js';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const RULES = readFileSync(path.join(ROOT, 'cli/docs/rules.md'), 'utf8');
const HEADINGS = [...RULES.matchAll(/^### (.+)$/gm)].map(([, code]) => code ?? '');

/** The codes that the checkers name in their sources, wherever they report one. */
function codesIn(folder: string): readonly string[] {
  const files = readdirSync(path.join(ROOT, folder), { recursive: true, withFileTypes: true });
  return files
    .filter((entry) => entry.isFile() && entry.name.endsWith('.ts'))
    .flatMap((entry) => {
      const source = readFileSync(path.join(entry.parentPath, entry.name), 'utf8');
      const reports = /(?:code: |\.(?:error|advise|syntax|declaration)\(\s*|report\(\s*)'(T\d+|[a-z]+(?:-[a-z]+)+)'/g;
      return [...source.matchAll(reports)].map(([, code]) => code ?? '');
    });
}

/** Of reading a stored schema and of planning a migration: they have no place in a file. */
const NOT_OF_FILES =
  /^(schema-source-mismatch|invalid-accepted-ir|identity-counter-exhausted|rename-hint-(?!keyword).*|unknown-rename-hint)$/;

describe('the rules', () => {
  test('explain every code of the checkers', () => {
    const codes = ['schema', 'query', 'policy'].flatMap((folder) => codesIn(`language/src/${folder}`));
    const missing = new Set(codes.filter((code) => !NOT_OF_FILES.test(code) && !HEADINGS.includes(code)));
    expect(codes.length).toBeGreaterThan(100);
    expect([...missing]).toEqual([]);
  });

  test('explain each code once', () => {
    expect(HEADINGS).toEqual([...new Set(HEADINGS)]);
  });

  test.each([
    ['T6', 'rules.md#t6'],
    ['unknown-interface', 'rules.md#unknown-interface'],
    ['query_parse_error', 'cluster-reference.md#diagnostics'],
  ])('%s is explained in %s', (code, page) => {
    const uri = ruleUri(code);
    expect(uri.endsWith(`/cli/docs/${page}`)).toBe(true);
    expect(readFileSync(fileURLToPath(uri.replace(/#.*/, '')), 'utf8')).toContain(code);
  });
});
