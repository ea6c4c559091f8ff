import { CLUSTER_CODES } from 'omnigraph-language';

/**
 * Where the rule behind a diagnostic code is explained: in the documents of this package, which lie beside the sources
 * and the bundle alike.
 */
export function ruleUri(code: string): string {
  const page = CLUSTER_CODES.has(code) ? 'cluster-reference.md#diagnostics' : `rules.md#${code.toLowerCase()}`;
  return new URL(`../docs/${page}`, import.meta.url).href;
}
