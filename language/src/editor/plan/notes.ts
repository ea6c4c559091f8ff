/**
 * What there is to know about the state of a cluster while writing it: no ledger yet, a lock, storage out of reach,
 * drift, and the plan's own warnings, each at its line. Never an error: the plan has no say in whether a file is right.
 */
import { parseAddress } from '../../cluster/index.js';
import type { Diagnostic, SourceRange } from '../../diagnostics/index.js';
import type { ClusterDocument } from '../documents.js';
import { lockHolder } from './phrases.js';
import { pathOfText, placeOfAddress, placeOfPath } from './places.js';
import type { PlanState } from './previews.js';

/** Notes on a planned state; the configuration's own problems are not among them. */
export function planNotes(document: ClusterDocument, { preview, desired }: PlanState): readonly Diagnostic[] {
  if (preview === undefined) return [];
  const { report, ledger, resource_statuses } = preview;
  const at = (range: SourceRange, note: Omit<Diagnostic, 'uri' | 'range' | 'stage'>): Diagnostic => ({
    ...note,
    stage: 'C',
    uri: document.uri,
    range,
  });
  const storage = placeOfPath(document, ['storage']).range;
  const ofConfiguration = new Set(desired?.diagnostics);
  const warnings = report.diagnostics
    .filter((diagnostic) => !ofConfiguration.has(diagnostic))
    .map(({ code, message, remedy, path = '' }): Diagnostic => {
      const isAddress = parseAddress(path).kind !== 'unknown';
      const range = isAddress ? placeOfAddress(document, path).range : placeOfStorage(document, path, storage);
      return at(range, { code, severity: 'warning', message, path, ...(remedy !== undefined && { remedy }) });
    });
  const { state_observations: state } = report;
  return [
    ...(ledger === 'missing'
      ? [
          at(storage, {
            code: 'state_missing',
            severity: 'info' as const,
            message: `nothing has been applied yet: there is no ledger at ${state.state_path}`,
            remedy: 'run `omnigraph cluster import` and `omnigraph cluster apply` to create everything',
          }),
        ]
      : []),
    ...(state.locked
      ? [
          at(placeOfPath(document, ['state', 'lock']).range, {
            code: 'state_lock_held',
            severity: 'info' as const,
            message: `${lockHolder(state)} holds the lock${state.lock_created_at === undefined ? '' : ` since ${state.lock_created_at}`}`,
            remedy: `commands are refused until it ends; if it is dead, run \`omnigraph cluster force-unlock${state.lock_id === undefined ? '' : ` ${state.lock_id}`}\``,
          }),
        ]
      : []),
    ...warnings,
    ...[...resource_statuses].flatMap(([address, { status, conditions = [], message }]) =>
      status === 'drifted'
        ? [
            at(placeOfAddress(document, address).range, {
              code: 'state_drifted',
              severity: 'warning' as const,
              message: `${address} is no longer what was applied: ${[...conditions, ...(message === undefined ? [] : [message])].join(', ')}`,
              path: address,
              remedy: 'run `omnigraph cluster refresh`, then `omnigraph cluster apply`',
            }),
          ]
        : [],
    ),
  ];
}

/** Trouble with stored files belongs to the line that says where they are. */
function placeOfStorage(document: ClusterDocument, path: string, storage: SourceRange): SourceRange {
  const place = placeOfPath(document, pathOfText(path));
  return place.isOwn && path !== '' ? place.range : storage;
}
