import fc from 'fast-check';
import { createSchemaCompiler } from 'omnigraph-language';
import { expect, test } from 'vitest';
import { CancellationToken } from 'vscode-languageserver';
import { schemaDocument, sourceText } from '../../../../language/src/editor/documents-snapshot.js';
import type { DocumentHandlers, DocumentMethod } from '../../../../language/src/editor/feature.js';
import { RequestRefused } from '../../../../language/src/editor/feature.js';
import { schemaFeatures } from '../../../../language/src/editor/schema/index.js';
import { openFolder, uriOf } from '../symbols/fixture.js';
import { PEOPLE, SCHEMA, WRITES } from '../symbols/garden.js';

const SNIPPETS = [
  '{',
  '}',
  '(',
  ')',
  '"',
  '@',
  '@key',
  '@embed(',
  '//',
  '/*',
  '*/',
  'node ',
  'edge E: ',
  ':',
  '->',
  'enum(',
  '\n',
  ' ',
  '?',
  '[',
  'é',
  '😀',
  '-',
];

/** A schema with pieces cut out and put in: what typing, undo and bad pastes leave. */
const mutated = fc
  .array(fc.tuple(fc.nat(SCHEMA.length), fc.nat(30), fc.constantFrom('', ...SNIPPETS)), { minLength: 1, maxLength: 6 })
  .map((changes) => changes.reduce((text, [at, cut, put]) => text.slice(0, at) + put + text.slice(at + cut), SCHEMA));

test('no feature throws on any text, at any place', async () => {
  const { context } = await openFolder({ 'schema.pg': SCHEMA, 'people.gq': PEOPLE, 'writes.gq': WRITES });
  const handlers: readonly DocumentHandlers<'schema'>[] = schemaFeatures.map((feature) => feature(context));
  const compiler = createSchemaCompiler();
  let answered = 0;
  await fc.assert(
    fc.asyncProperty(mutated, fc.double({ min: 0, max: 1, noNaN: true }), async (text, fraction) => {
      const document = schemaDocument(sourceText(uriOf('schema.pg'), 1, text), compiler);
      const position = document.lines.position(Math.floor(text.length * fraction));
      const whole = { start: document.lines.position(0), end: document.lines.position(text.length) };
      const params = {
        textDocument: { uri: document.uri },
        position,
        positions: [position],
        range: whole,
        newName: 'Renamed',
        ch: '}',
        options: { tabSize: 4, insertSpaces: true },
        context: { diagnostics: [], includeDeclaration: true },
      };
      for (const one of handlers) {
        for (const [method, handler] of Object.entries(one) as [DocumentMethod, (...given: unknown[]) => unknown][]) {
          if (typeof handler !== 'function') continue;
          try {
            await handler(document, params, CancellationToken.None);
          } catch (error) {
            // A refusal is an answer to the user.
            if (!(error instanceof RequestRefused)) throw new Error(`${method} on ${text}`, { cause: error });
          }
          answered += 1;
        }
      }
    }),
    { numRuns: 400, seed: 7 },
  );
  expect(answered).toBeGreaterThan(400 * handlers.length);
});
