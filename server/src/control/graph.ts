/** `cluster graph`: what depends on what in the desired revision. It touches no storage; beyond cluster.md. */
import { type GraphReport, hasErrors } from 'omnigraph-language';
import { loadDesiredFrom } from './desired.js';
import { resourceSummaries } from './validate.js';

export async function clusterGraph({ configDir }: { readonly configDir: string }): Promise<GraphReport> {
  const { desired } = await loadDesiredFrom(configDir);
  return {
    command: 'graph',
    ok: !hasErrors(desired.diagnostics),
    config_dir: desired.configDir,
    resources: resourceSummaries(desired),
    dependencies: desired.dependencies,
    diagnostics: desired.diagnostics,
  };
}
