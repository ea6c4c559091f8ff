/**
 * All that is wrong with one document: what its compiler found, the one hint of a `.gq` file that has no schema to be
 * checked against, and what the features of its kind add.
 */
import type { Diagnostic } from '../diagnostics/index.js';
import { lintDiagnostics } from '../query/index.js';
import type { EditorDocument, QueryDocument } from './documents.js';
import { nameOf } from './uris.js';

/** The server's own share; synchronous, so that it can follow a keystroke at once. */
export function compilerDiagnostics(document: EditorDocument): readonly Diagnostic[] {
  switch (document.kind) {
    case 'schema':
      return document.compiled.diagnostics;
    case 'query':
      return [...document.compiled.diagnostics, ...lintOf(document), ...schemaHint(document)];
    case 'cluster':
    case 'policy':
    case 'policy-tests':
      return [];
    default:
      return document satisfies never;
  }
}

/** Advice that needs the schema: without one, nothing is known of properties. */
const lintOf = ({ schema, compiled, catalog, uri }: QueryDocument): readonly Diagnostic[] =>
  schema.by === 'none' || schema.document === undefined ? [] : lintDiagnostics(compiled, catalog, uri);

function schemaHint({ schema, lines, text }: QueryDocument): readonly Diagnostic[] {
  if (text.trim() === '') return [];
  const hint = (message: string, remedy: string): readonly Diagnostic[] => [
    { code: 'no-schema', severity: 'hint', message, remedy, range: lines.range(0, firstLineLength(text)) },
  ];
  if (schema.by === 'none') {
    const remedy = 'name the file under `queries` of a graph in cluster.yaml, or put a .pg file beside it';
    return hint('only the syntax is checked: no schema was found for this file', remedy);
  }
  const name = nameOf(schema.uri);
  if (schema.document === undefined) {
    return hint(`only the syntax is checked: ${name} cannot be read`, 'correct `schema` of the graph in cluster.yaml');
  }
  if (schema.document.compiled.catalog !== undefined) return [];
  return hint(`only the syntax is checked: nothing in ${name} could be understood`, `correct ${name} first`);
}

function firstLineLength(text: string): number {
  const end = text.indexOf('\n');
  return end === -1 ? text.length : end;
}
