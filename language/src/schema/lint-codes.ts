/** The registry of schema lint codes. A published code never changes its meaning. schema-language.md §15. */
export type LintTier = 'safe' | 'validated' | 'destructive';

export interface LintCode {
  readonly code: string;
  readonly tier: LintTier;
  readonly severity: 'error' | 'warn' | 'info';
  readonly meaning: string;
}

export const LINT_CODES: readonly LintCode[] = [
  { code: 'OG-DS-101', tier: 'destructive', severity: 'error', meaning: 'drop populated graph type' },
  { code: 'OG-DS-102', tier: 'destructive', severity: 'error', meaning: 'drop populated node type' },
  { code: 'OG-DS-103', tier: 'destructive', severity: 'error', meaning: 'drop populated edge type' },
  { code: 'OG-DS-104', tier: 'destructive', severity: 'error', meaning: 'drop property from populated type' },
  { code: 'OG-DS-105', tier: 'destructive', severity: 'error', meaning: 'drop populated vector property' },
  {
    code: 'OG-MF-103',
    tier: 'validated',
    severity: 'error',
    meaning: 'add required property without default to populated type',
  },
  { code: 'OG-MF-104', tier: 'validated', severity: 'error', meaning: 'tighten nullable to non-nullable' },
  { code: 'OG-MF-106', tier: 'destructive', severity: 'error', meaning: 'property type change' },
];

/** The entry of a code, or undefined for one that was never published. */
export const lintCode = (code: string): LintCode | undefined => LINT_CODES.find((entry) => entry.code === code);
