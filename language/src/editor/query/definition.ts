/** Where a name of a query comes from: its own declaration, or that of the schema. */
import type { Location, LocationLink } from 'vscode-languageserver';
import type { Occurrence } from '../../query/index.js';
import type { QueryDocument } from '../documents.js';
import type { EditorContext, Feature } from '../feature.js';
import { offsetOf, rangeOfSpan } from '../positions.js';
import { definitionsAt, definitionsOf, locationOfOccurrence, schemaUriOf } from '../symbols/index.js';
import { introduces, isLocal, type NameAt, nameAt, placesOf, variableOf } from './name-at.js';

type Found = readonly Location[] | readonly LocationLink[] | null;

export const queryDefinition: Feature<'query'> = (context) => ({
  'textDocument/definition': async (document, { position }) => {
    const found = nameAt(document, offsetOf(position, document.lines));
    if (found === undefined || !isLocal(found.occurrence)) {
      return linked(context, document, found, await definitionsAt(context, document, position));
    }
    const [first] = placesOf(found.declaration, found.occurrence).filter(introduces);
    if (first === undefined) return null;
    const range = rangeOfSpan(first.span, document.lines, found.declaration.offset);
    return linked(context, document, found, [{ uri: document.uri, range }]);
  },
  'textDocument/typeDefinition': (document, { position }) =>
    typeDefinition(context, document, offsetOf(position, document.lines)),
  /** What stands behind a name in the schema: of a variable its type, of a property the property. */
  'textDocument/implementation': async (document, { position }) => {
    const found = nameAt(document, offsetOf(position, document.lines));
    if (found?.occurrence.kind !== 'property')
      return typeDefinition(context, document, offsetOf(position, document.lines));
    return linked(context, document, found, await definitionsAt(context, document, position));
  },
});

async function typeDefinition(context: EditorContext, document: QueryDocument, offset: number): Promise<Found> {
  const found = nameAt(document, offset);
  const type = found && typeBehind(found);
  const schema = schemaUriOf(document);
  if (found === undefined || type === undefined || schema === undefined) return null;
  const definitions = await definitionsOf({ kind: 'type', schema, ...type }, context.workspace);
  return linked(context, document, found, definitions.map(locationOfOccurrence));
}

function typeBehind({ declaration, occurrence }: NameAt): { entity: 'node' | 'edge'; name: string } | undefined {
  switch (occurrence.kind) {
    case 'variable': {
      const variable = variableOf(declaration, occurrence);
      if (variable?.typeName === undefined || variable.typeName === null || variable.entity === 'unknown')
        return undefined;
      return { entity: variable.entity, name: variable.typeName };
    }
    case 'type':
      return { entity: occurrence.entity, name: occurrence.name };
    case 'property':
      return { entity: occurrence.entity, name: occurrence.typeName };
    case 'endpoint':
      return { entity: 'edge', name: occurrence.typeName };
    case 'parameter':
    case 'alias':
      return undefined;
    default:
      return occurrence satisfies never;
  }
}

/** With the range that was asked about, where the client shows it. */
function linked(
  { client }: EditorContext,
  { lines }: QueryDocument,
  found:
    | { readonly declaration: { readonly offset: number }; readonly occurrence: Pick<Occurrence, 'span'> }
    | undefined,
  locations: readonly Location[] | null,
): Found {
  if (locations === null || !client.links || found === undefined) return locations;
  const originSelectionRange = rangeOfSpan(found.occurrence.span, lines, found.declaration.offset);
  return locations.map(({ uri, range }) => ({
    originSelectionRange,
    targetUri: uri,
    targetRange: range,
    targetSelectionRange: range,
  }));
}
