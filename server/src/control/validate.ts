/** `cluster validate`: loads and reports; it touches no storage. Contract: cluster.md §11. */
import {
  type DesiredRevision,
  defaultDenyWarnings,
  hasErrors,
  type ResourceSummary,
  type ValidateReport,
} from 'omnigraph-language';
import { loadDesiredFrom } from './desired.js';

export async function validateCluster({ configDir }: { readonly configDir: string }): Promise<ValidateReport> {
  const { desired } = await loadDesiredFrom(configDir);
  return validationReport(desired);
}

/** The report on a revision that someone else loaded: the editor, say. */
export function validationReport(desired: DesiredRevision): ValidateReport {
  return {
    command: 'validate',
    ok: !hasErrors(desired.diagnostics),
    config_dir: desired.configDir,
    config_file: desired.configFile,
    resource_digests: new Map([...desired.resources].map(([address, { digest }]) => [address, digest])),
    resources: resourceSummaries(desired),
    dependencies: desired.dependencies,
    diagnostics: [...desired.diagnostics, ...defaultDenyWarnings(desired)],
  };
}

/** What reports show of each resource, in address order. */
export const resourceSummaries = (desired: DesiredRevision): readonly ResourceSummary[] =>
  [...desired.resources.values()].map(({ address, kind, digest, path }) => ({
    address,
    kind,
    digest,
    ...(path !== undefined && { path }),
  }));
