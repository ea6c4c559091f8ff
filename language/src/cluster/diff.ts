/**
 * What differs between a desired revision and a ledger, before anyone decides what to do about it. Contract: cluster.md
 * §9, "Diff" and the two metadata passes.
 */
import { byCodeUnit, policyAddress, providerAddress } from './address.js';
import type { DesiredRevision } from './desired.js';
import { providerDigest } from './digest.js';
import type { Ledger } from './ledger.js';
import type { MetadataChange, ResourceDifference } from './plan.js';

/** Sorted by address. Without a ledger everything is a create, and the creates carry the metadata. */
export function diffResources(desired: DesiredRevision, ledger: Ledger | undefined): readonly ResourceDifference[] {
  const digests = diffDigests(desired, ledger);
  const metadata = ledger === undefined ? [] : diffMetadata(desired, ledger);
  const changed = new Set(digests.map((difference) => difference.resource));
  return [...digests, ...metadata.filter((difference) => !changed.has(difference.resource))].sort((left, right) =>
    byCodeUnit(left.resource, right.resource),
  );
}

/** The differences that a gate of §9 may stand before: approve uses the plain diff, without metadata passes (§13). */
export function diffDigests(desired: DesiredRevision, ledger: Ledger | undefined): readonly ResourceDifference[] {
  const recorded = ledger?.applied_revision.resources ?? new Map();
  const differences: ResourceDifference[] = [];
  for (const [resource, { digest: after_digest }] of desired.resources) {
    const before_digest = recorded.get(resource)?.digest;
    if (before_digest === undefined) differences.push({ resource, operation: 'create', after_digest });
    else if (before_digest !== after_digest) {
      differences.push({ resource, operation: 'update', before_digest, after_digest });
    }
  }
  for (const [resource, { digest: before_digest }] of recorded) {
    if (!desired.resources.has(resource)) differences.push({ resource, operation: 'delete', before_digest });
  }
  return differences.sort((left, right) => byCodeUnit(left.resource, right.resource));
}

function diffMetadata(desired: DesiredRevision, ledger: Ledger): readonly ResourceDifference[] {
  const { resources } = ledger.applied_revision;
  const difference = (resource: string, metadata_change: MetadataChange): readonly ResourceDifference[] => {
    const digest = resources.get(resource)?.digest;
    if (digest === undefined || !desired.resources.has(resource)) return [];
    return [
      {
        resource,
        operation: 'update',
        before_digest: digest,
        after_digest: digest,
        binding_change: true,
        metadata_change,
      },
    ];
  };
  const bindings = [...desired.policies.values()].flatMap(({ name, appliesTo }) => {
    const recorded = resources.get(policyAddress(name))?.applies_to;
    return recorded !== undefined && sameList(recorded, appliesTo)
      ? []
      : difference(policyAddress(name), 'policy_bindings');
  });
  const profiles = [...desired.providers].flatMap(([name, profile]) => {
    const recorded = resources.get(providerAddress(name))?.embedding_profile;
    return recorded !== undefined && providerDigest(recorded) === providerDigest(profile)
      ? []
      : difference(providerAddress(name), 'embedding_profile');
  });
  return [...bindings, ...profiles];
}

const sameList = (left: readonly string[], right: readonly string[]): boolean =>
  left.length === right.length && left.every((item, at) => item === right[at]);
