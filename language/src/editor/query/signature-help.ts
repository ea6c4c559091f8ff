/** Signature help in `.gq`: functions, annotations, and what an insert or update may assign. */
import type { SignatureHelp, SignatureInformation } from 'vscode-languageserver';
import { type Catalog, displayType } from '../../schema/index.js';
import type { Feature } from '../feature.js';
import { offsetOf } from '../positions.js';
import { cursorAt } from './cursor.js';
import type { OpenCall } from './place.js';
import { typeNamed } from './scope.js';
import { FUNCTIONS, QUERY_ANNOTATIONS, TEMPORAL } from './vocabulary.js';

export const querySignatureHelp: Feature<'query'> = () => ({
  announces: { signatureTriggers: ['(', ','], signatureRetriggers: [',', ')', '}'] },
  'textDocument/signatureHelp': (document, { position }) => {
    const cursor = cursorAt(document, offsetOf(position, document.lines));
    if (cursor.inside === 'comment') return null;
    const [call] = cursor.walk.calls;
    return call === undefined ? null : helpFor(call, document.catalog);
  },
});

function helpFor(call: OpenCall, catalog: Catalog): SignatureHelp | null {
  switch (call.kind) {
    case 'function': {
      const help = FUNCTIONS.get(call.name) ?? TEMPORAL.get(call.name);
      if (help === undefined) return null;
      const labels = help.parameters.map(({ label }) => label);
      return signature(
        {
          label: `${call.name}(${labels.join(', ')}): ${help.result}`,
          documentation: { kind: 'markdown', value: help.summary },
          parameters: help.parameters.map(({ label, help: about }) => ({
            label,
            documentation: { kind: 'markdown', value: about },
          })),
        },
        call.index,
      );
    }
    case 'annotation': {
      const help = QUERY_ANNOTATIONS.get(call.name);
      if (help === undefined) return null;
      const parameters = [{ label: '"text"', documentation: help.parameter }];
      return signature({ label: `${call.name}("text")`, documentation: help.summary, parameters }, 0);
    }
    case 'assignments':
      return assignments(call, catalog);
    default:
      return call.kind satisfies never;
  }
}

function assignments({ name, property }: OpenCall, catalog: Catalog): SignatureHelp | null {
  const type = typeNamed(name, catalog);
  if (type === undefined) return null;
  const ends = type.kind === 'edge' ? ['from: String', 'to: String'] : [];
  const labels = [...ends, ...[...type.properties.values()].map((one) => `${one.name}: ${displayType(one.type)}`)];
  const index = labels.findIndex((label) => label.startsWith(`${property ?? ''}:`));
  const information = { label: `${name} { ${labels.join(', ')} }`, parameters: labels.map((label) => ({ label })) };
  return signature(information, index === -1 ? labels.length : index);
}

const signature = (information: SignatureInformation, activeParameter: number): SignatureHelp => ({
  signatures: [information],
  activeSignature: 0,
  activeParameter,
});
