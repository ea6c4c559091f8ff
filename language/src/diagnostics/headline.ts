import type { Diagnostic, Stage } from './diagnostic.js';

const PREFIXES: Readonly<Record<Stage, string>> = {
  S1: 'parse error: ',
  S2: 'catalog error: ',
  S3: 'catalog error: ',
  S4: 'schema identity resolution failed: ',
  S5: 'catalog error: ',
  P: 'parse error: ',
  T: 'type error: ',
  X: '',
  L: '',
  C: '',
  Y: '',
};

const CODED_TYPE_ERROR = /^T\d+$/;

/**
 * The message with the prefix its stage demands, once: `parse error: …`, `catalog error: …`, `type error: T6: …`
 * (schema-language.md §1, query-language.md's opening).
 */
export function headline(diagnostic: Diagnostic): string {
  const prefix = diagnostic.stage === undefined ? '' : PREFIXES[diagnostic.stage];
  const code = diagnostic.stage === 'T' && CODED_TYPE_ERROR.test(diagnostic.code) ? `${diagnostic.code}: ` : '';
  return `${prefix}${code}${diagnostic.message}`;
}
