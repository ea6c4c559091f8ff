/**
 * What is wrong with a cluster, as `omnigraph cluster validate` says it, each problem at its place in `cluster.yaml`,
 * and what the plan has to note. The plan is only asked for what it knows already.
 */
import { type DesiredRevision, readClusterConfig } from '../../cluster/index.js';
import type { Diagnostic } from '../../diagnostics/index.js';
import type { ClusterDocument } from '../documents.js';
import type { Feature } from '../feature.js';
import { clusterOf, planNotes, planPreviews } from '../plan/index.js';
import { canonicalUri } from '../uris.js';

export const clusterDiagnostics: Feature<'cluster'> = (context) => {
  const previews = planPreviews(context);
  return {
    'omnigraph/diagnose': async (document) => {
      const cluster = clusterOf(document, context);
      // A text that is not called cluster.yaml has no folder to read.
      if (cluster === undefined) return readClusterConfig(document.text, document.uri).diagnostics.flatMap(split);
      const desired = await previews.desired(cluster);
      const notes = planNotes(document, previews.current(cluster));
      return [...problemsIn(document, desired), ...notes];
    },
  };
};

function problemsIn(document: ClusterDocument, { diagnostics }: DesiredRevision): readonly Diagnostic[] {
  return diagnostics
    .map((diagnostic) => placedHere(diagnostic, document))
    .flatMap(split)
    .map((diagnostic) => onOneLine(diagnostic, document));
}

/** A problem of another file shows where the configuration names the file, and leads there. */
function placedHere(diagnostic: Diagnostic, document: ClusterDocument): Diagnostic {
  const { uri, range, related = [] } = diagnostic;
  if (uri === undefined || canonicalUri(uri) === document.uri) return diagnostic;
  const here = related.find((place) => place.uri !== undefined && canonicalUri(place.uri) === document.uri);
  if (here === undefined) return diagnostic;
  const { range: _elsewhere, related: _places, ...rest } = diagnostic;
  return {
    ...rest,
    uri: document.uri,
    range: here.range,
    ...(range && { related: [{ uri, range, message: diagnostic.message }] }),
  };
}

/** The command line reports one `invalid_cluster_yaml` with further places; an editor marks each. */
function split(diagnostic: Diagnostic): readonly Diagnostic[] {
  const { related = [], ...first } = diagnostic;
  if (diagnostic.code !== 'invalid_cluster_yaml' || related.length === 0) return [diagnostic];
  return [first, ...related.map(({ range, message }) => ({ ...first, range, message }))];
}

/** What is wrong with a whole mapping is marked at its first line. */
function onOneLine(diagnostic: Diagnostic, { text, lines }: ClusterDocument): Diagnostic {
  const { range } = diagnostic;
  if (range === undefined || range.start.line === range.end.line) return diagnostic;
  const newline = text.indexOf('\n', range.offset);
  return { ...diagnostic, range: lines.range(range.offset, newline - range.offset) };
}
