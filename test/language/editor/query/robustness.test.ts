/** Every feature at every place of broken texts: an answer or none, never an exception. */
import { expect, test } from 'vitest';
import type { EditorContext } from '../../../../language/src/editor/feature.js';
import { queryFeatures } from '../../../../language/src/editor/query/index.js';
import { never, openQuery, positionAt } from './ask.js';

const WHOLE = `// Finds.
query a($s: String, $v: Vector(2)?) @description("d") {
    match {
        $p: Plant { stage: "seed", code: $s }
        $p $g:growsIn $b
        $p <shades>{1,3} $q
        not { $q growsIn $_ $q.height > 1.5 }
        search($p.common, $s)
    }
    return { $p.code, count($b) as n, [1, 2] as l }
    order { rrf(nearest($p.vec, $v), bm25($p.common, "x")), n desc }
    limit 3
}
query b() { insert GrowsIn { from: "a", to: "b" } update Plant set { height: 1 } where code = "a" delete Bed where bid = "x" }
`;

/** Text cut off, pieces taken out, brackets that do not match. */
const BROKEN: readonly string[] = [
  ...Array.from({ length: 40 }, (_, at) => WHOLE.slice(0, at * 17)),
  ...Array.from({ length: 40 }, (_, at) => WHOLE.slice(0, at * 16) + WHOLE.slice(at * 16 + 9)),
  ...['{', '}', '(', ')', '"', '$', ':', ','].map((mark) => WHOLE.replaceAll(mark, '')),
  ...['{', '(', '[', 'not {', '"', '/*', '@', '$', '<', 'count(', 'query '].map((mark) => mark.repeat(300)),
];

const METHODS = [
  'textDocument/completion',
  'textDocument/hover',
  'textDocument/signatureHelp',
  'textDocument/definition',
  'textDocument/typeDefinition',
  'textDocument/references',
  'textDocument/documentHighlight',
  'textDocument/linkedEditingRange',
  'textDocument/documentSymbol',
  'textDocument/codeAction',
  'textDocument/codeLens',
  'textDocument/formatting',
  'textDocument/rangeFormatting',
  'textDocument/onTypeFormatting',
  'textDocument/foldingRange',
  'textDocument/selectionRange',
  'textDocument/inlayHint',
  'textDocument/semanticTokens',
] as const;

test.each(BROKEN.map((text, at) => [at, text] as const))('no feature throws on broken text %i', async (_, text) => {
  const { document, context } = await openQuery(text);
  const failures: string[] = [];
  for (const offset of offsetsIn(text)) {
    for (const method of METHODS) failures.push(...(await failuresOf(method, document, context, offset)));
  }
  expect(failures).toEqual([]);
});

const STEPS = 4;

const offsetsIn = (text: string): readonly number[] =>
  Array.from({ length: STEPS + 1 }, (_, step) => Math.floor((text.length * step) / STEPS));

async function failuresOf(
  method: (typeof METHODS)[number],
  document: Awaited<ReturnType<typeof openQuery>>['document'],
  context: EditorContext,
  offset: number,
): Promise<readonly string[]> {
  const position = positionAt(document.text, offset);
  const params = {
    textDocument: { uri: document.uri },
    position,
    positions: [position],
    range: { start: position, end: positionAt(document.text, document.text.length) },
    context: { diagnostics: [], includeDeclaration: true },
    options: {},
  };
  const failures: string[] = [];
  for (const feature of queryFeatures) {
    const handler = feature(context)[method] as ((...args: readonly unknown[]) => unknown) | undefined;
    try {
      await handler?.(document, params, never);
    } catch (error) {
      failures.push(`${method} at ${offset} of ${document.text.slice(0, 200)}: ${String(error)}`);
    }
  }
  return failures;
}
