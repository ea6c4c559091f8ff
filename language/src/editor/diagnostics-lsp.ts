/** Our diagnostics as LSP's: what to do stands under what is wrong, further places and the rule are linked. */
import {
  type ClientCapabilities,
  DiagnosticSeverity,
  DiagnosticTag,
  type Diagnostic as LspDiagnostic,
} from 'vscode-languageserver';
import type { Diagnostic, Severity } from '../diagnostics/index.js';
import { rangeOf } from './positions.js';

export interface DiagnosticStyle {
  readonly related: boolean;
  readonly tags: boolean;
  /** Where the rule of a code is explained; `undefined`: nowhere, or the client shows no links. */
  readonly ruleUri: RuleUri;
}

/** `rules` tells where the rule of a code is explained. */
export function diagnosticStyle({ textDocument }: ClientCapabilities, rules: RuleUri | undefined): DiagnosticStyle {
  const shows = textDocument?.publishDiagnostics;
  const links = shows?.codeDescriptionSupport === true;
  return {
    related: shows?.relatedInformation === true,
    tags: shows?.tagSupport !== undefined,
    ruleUri: (code) => (links ? rules?.(code) : undefined),
  };
}

export type RuleUri = (code: string) => string | undefined;

interface DiagnosticData {
  readonly code: string;
  readonly remedy?: string;
  readonly path?: string;
}

/** `uri` is the document it is shown in. A diagnostic without a place stands at the start. */
export function toLspDiagnostic(diagnostic: Diagnostic, uri: string, style: DiagnosticStyle): LspDiagnostic {
  const { code, severity, message, range, remedy, path, related = [] } = diagnostic;
  const href = style.ruleUri(code);
  const tag = TAGS.get(code);
  const data: DiagnosticData = {
    code,
    ...(remedy === undefined ? {} : { remedy }),
    ...(path === undefined ? {} : { path }),
  };
  return {
    range: range === undefined ? START : rangeOf(range),
    severity: SEVERITIES[severity],
    code,
    source: 'omnigraph',
    message: remedy === undefined ? message : `${message}\n${remedy}`,
    data,
    ...(href === undefined ? {} : { codeDescription: { href } }),
    ...(tag === undefined || !style.tags ? {} : { tags: [tag] }),
    ...(style.related && related.length > 0
      ? {
          relatedInformation: related.map((place) => ({
            location: { uri: place.uri ?? uri, range: rangeOf(place.range) },
            message: place.message,
          })),
        }
      : {}),
  };
}

const START = { start: { line: 0, character: 0 }, end: { line: 0, character: 0 } };

const SEVERITIES: Readonly<Record<Severity, DiagnosticSeverity>> = {
  error: DiagnosticSeverity.Error,
  warning: DiagnosticSeverity.Warning,
  info: DiagnosticSeverity.Information,
  hint: DiagnosticSeverity.Hint,
};

/** Code that does nothing is shown faded; what only old files still write is struck through. */
const TAGS: ReadonlyMap<string, DiagnosticTag> = new Map([
  ['unused-parameter', DiagnosticTag.Unnecessary],
  ['default-has-no-effect', DiagnosticTag.Unnecessary],
  ['edge-index', DiagnosticTag.Unnecessary],
  ['composite-index', DiagnosticTag.Unnecessary],
  ['tombstone-property', DiagnosticTag.Unnecessary],
  ['spent-rename', DiagnosticTag.Unnecessary],
  ['removed_streaming_declaration', DiagnosticTag.Deprecated],
]);
