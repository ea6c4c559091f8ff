/** The dependency graph as Mermaid: every resource once, arrows to what is needed, names that cannot end their label. */
import {
  clusterError,
  clusterWarning,
  type GraphReport,
  type ResourceSummary,
  renderDependencyGraph,
  renderReportText,
} from 'omnigraph-language';
import { expect, test } from 'vitest';

const resource = (address: string, kind: ResourceSummary['kind']): ResourceSummary => ({ address, kind, digest: 'd' });

const REPORT: GraphReport = {
  command: 'graph',
  ok: true,
  config_dir: '.',
  resources: [
    resource('graph.fleet', 'graph'),
    resource('policy.gate', 'policy'),
    resource('provider.embedding.default', 'embedding_provider'),
    resource('query.fleet.vessel_by_imo', 'query'),
    resource('schema.fleet', 'schema'),
  ],
  dependencies: [
    { from: 'graph.fleet', to: 'provider.embedding.default' },
    { from: 'policy.gate', to: 'graph.fleet' },
    { from: 'query.fleet.vessel_by_imo', to: 'schema.fleet' },
    { from: 'schema.fleet', to: 'graph.ghost' },
  ],
  diagnostics: [],
};

test('a node per resource and an arrow per dependency between them', () =>
  expect(renderReportText(REPORT)).toMatchInlineSnapshot(`
    "flowchart LR
      r0[("graph.fleet")]
      r1{{"policy.gate"}}
      r2>"provider.embedding.default"]
      r3(["query.fleet.vessel_by_imo"])
      r4["schema.fleet"]
      r0 --> r2
      r1 --> r0
      r3 --> r4
    "
  `));

test('a warning is a comment of the drawing', () =>
  expect(
    renderReportText({ ...REPORT, diagnostics: [clusterWarning('query_dir_empty', 'graphs.fleet.queries', 'none')] }),
  ).toMatch(/\n%% WARN {2}query_dir_empty graphs\.fleet\.queries: none\n$/));

test('a configuration with errors is not drawn', () =>
  expect(
    renderReportText({
      ...REPORT,
      ok: false,
      diagnostics: [clusterError('schema_file_missing', 'graphs.fleet.schema', 'none')],
    }),
  ).toBe('graph: failed, 1 error\nERROR schema_file_missing graphs.fleet.schema: none\n'));

test('a quote ends no label', () =>
  expect(renderDependencyGraph({ resources: [resource('graph."x', 'graph')], dependencies: [] })).toEqual([
    'flowchart LR',
    '  r0[("graph.#quot;x")]',
  ]));
