/** Signature help between the parentheses of an annotation, a constraint, a cardinality, a vector or an enum. */
import type { SignatureHelp } from 'vscode-languageserver';
import type { SchemaDocument } from '../documents.js';
import type { Feature } from '../feature.js';
import { offsetOf } from '../positions.js';
import { cursorAt } from './cursor.js';
import {
  ANNOTATIONS,
  CARDINALITY,
  CONSTRAINTS,
  type ConstraintName,
  ENUM,
  type Parameter,
  VECTOR,
} from './vocabulary.js';

export const schemaSignatureHelp: Feature<'schema'> = () => ({
  announces: { signatureTriggers: ['(', ','], signatureRetriggers: [','] },
  'textDocument/signatureHelp': (document, { position }) => signatureAt(document, offsetOf(position, document.lines)),
});

function signatureAt(document: SchemaDocument, offset: number): SignatureHelp | null {
  const { walk, inside } = cursorAt(document, offset);
  const { place } = walk;
  if (inside === 'comment') return null;
  switch (place.at) {
    case 'argument': {
      const { annotation, constraint, index } = place;
      const found = constraint
        ? CONSTRAINTS.get(annotation as ConstraintName)
        : annotation === 'card'
          ? CARDINALITY
          : ANNOTATIONS.get(annotation);
      return found === undefined ? null : signature(`@${annotation}`, found.parameters, found.summary, index);
    }
    case 'enum-value':
      return signature(
        'enum',
        [{ label: 'value, …', help: 'Words of letters, digits, `_` and `-`.' }],
        ENUM.summary,
        0,
      );
    case 'dimension':
      return signature('Vector', [{ label: 'n', help: 'How many numbers a vector has.' }], VECTOR.summary, 0);
    default:
      return null;
  }
}

/** The last parameter stands for all that follow. */
function signature(
  name: string,
  parameters: readonly Parameter[],
  summary: string,
  index: number,
): SignatureHelp | null {
  if (parameters.length === 0) return null;
  return {
    signatures: [
      {
        label: `${name}(${parameters.map(({ label }) => label).join(', ')})`,
        documentation: { kind: 'markdown', value: summary },
        parameters: parameters.map(({ label, help }) => ({ label, documentation: { kind: 'markdown', value: help } })),
      },
    ],
    activeSignature: 0,
    activeParameter: Math.min(index, parameters.length - 1),
  };
}
