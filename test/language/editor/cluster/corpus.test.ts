/** The real cluster of the corpus: no false alarm, and the right answer among the completions at every key and value. */
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { CompletionItem, Hover } from 'vscode-languageserver';
import { isMap, isScalar, isSeq, parseDocument, type Scalar } from 'yaml';
import { CORPUS, hasCorpus } from '../../../support/corpus.js';
import { openEditor, positionAt, type TestEditor } from '../fixture.js';

const ROOT = path.join(CORPUS, 'industry-intel');
const DOCUMENTS = ['cluster.yaml', 'policies/intel.policy.yaml', 'policies/server.policy.yaml'];

/** Names that their author invents: nothing can offer them. */
const INVENTED = /^(metadata\.name|graphs\.\w+|policies\.\w+|groups\.\w+(\.\d+)?|rules\.\d+\.id)$/;

interface Token {
  readonly path: string;
  readonly text: string;
  readonly start: number;
  readonly end: number;
  readonly isKey: boolean;
}

/** Every key and scalar of a document with its place. */
function tokensOf(text: string): readonly Token[] {
  const token = (scalar: Scalar, path: string, isKey: boolean): Token => {
    const [start, end] = scalar.range ?? [0, 0];
    return { path, text: String(scalar.value), start, end, isKey };
  };
  const below = (node: unknown, at: string): readonly Token[] => {
    if (isScalar(node)) return [token(node, at, false)];
    if (isSeq(node)) return node.items.flatMap((item, index) => below(item, `${at}.${index}`));
    if (!isMap(node)) return [];
    return node.items.flatMap(({ key, value }) => {
      if (!isScalar(key)) return [];
      const path = at === '' ? String(key.value) : `${at}.${String(key.value)}`;
      return [token(key, path, true), ...below(value, path)];
    });
  };
  return below(parseDocument(text).contents, '');
}

describe.runIf(hasCorpus)('the cluster of the corpus', () => {
  let editor: TestEditor;
  const texts: Record<string, string> = {};

  beforeAll(async () => {
    for (const entry of readdirSync(ROOT, { recursive: true, withFileTypes: true })) {
      const file = path.relative(ROOT, path.join(entry.parentPath, entry.name));
      if (entry.isFile() && /\.(pg|gq|yaml)$/.test(file)) texts[file] = readFileSync(path.join(ROOT, file), 'utf8');
    }
    editor = await openEditor(texts);
    await editor.settled();
  });

  afterAll(async () => {
    await editor.settled();
    expect(editor.errors).toEqual([]);
    await editor.dispose();
  });

  test.each(DOCUMENTS)('%s has no problem', async (file) => {
    expect(await editor.diagnostics(file)).toEqual([]);
  });

  test.each(DOCUMENTS)('%s: what stands at each place is offered there', async (file) => {
    const text = texts[file] ?? '';
    const tokens = tokensOf(text);
    expect(tokens.length).toBeGreaterThan(10);
    const missing: string[] = [];
    for (const token of tokens) {
      const cut = text.slice(0, token.start) + text.slice(token.end);
      await editor.open(file, cut);
      const position = positionAt(cut, token.start);
      const items = await editor.ask<CompletionItem[]>('textDocument/completion', file, { position });
      const isOffered = items.some(({ label }) => label === token.text);
      if (!isOffered && !INVENTED.test(token.path)) missing.push(`${token.path}: ${token.text}`);
    }
    await editor.open(file, text);
    expect(missing).toEqual([]);
  });

  test.each(DOCUMENTS)('%s: every key explains itself', async (file) => {
    const text = texts[file] ?? '';
    const silent: string[] = [];
    await editor.open(file, text);
    for (const token of tokensOf(text).filter(({ isKey }) => isKey)) {
      const hover = await editor.ask<Hover | null>('textDocument/hover', file, {
        position: positionAt(text, token.start),
      });
      if (hover === null) silent.push(token.path);
    }
    expect(silent).toEqual([]);
  });

  test.each(DOCUMENTS)('%s: no beginning of it makes anything fail', async (file) => {
    const text = texts[file] ?? '';
    for (let length = 0; length <= text.length; length += 3) {
      const part = text.slice(0, length);
      await editor.open(file, part);
      const position = positionAt(part, length);
      for (const method of ['completion', 'hover', 'definition'])
        await editor.ask(`textDocument/${method}`, file, { position });
      for (const method of ['documentSymbol', 'foldingRange', 'codeLens'])
        await editor.ask(`textDocument/${method}`, file);
      await editor.ask('textDocument/semanticTokens/full', file);
    }
    await editor.open(file, text);
    expect(await editor.diagnostics(file)).toEqual([]);
    expect(editor.errors).toEqual([]);
  });
});
