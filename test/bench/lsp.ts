/**
 * Language servers over standard streams, each with 1,000 lines of its own language: start to first diagnostics, one
 * typed character to diagnostics, completion, memory. Ours (`.gq` and `.pg`) beside those that people praise. With
 * `--ours` the others are left out.
 */
import { launcher } from '../support/built-cli.js';
import { Bench } from './harness.js';
import { graphqlDocument, prismaDocument, queryDocument, schemaDocument, yamlDocument } from './lsp/documents.js';
import { measure, type Samples, type Subject } from './lsp/measure.js';
import { installPeers } from './lsp/peers.js';

const node = process.execPath;
const omnigraph = { command: node, args: () => [launcher(), 'lsp', '--stdio'] };

const ours: readonly Subject[] = [
  { name: '.gq', ...omnigraph, document: queryDocument() },
  { name: '.pg', ...omnigraph, document: schemaDocument() },
];

const FIGURES: readonly (readonly [keyof Samples, string, string])[] = [
  ['start', 'start to first diagnostics', 'ms'],
  ['edit', 'edit to diagnostics', 'ms'],
  ['completion', 'completion', 'ms'],
  ['memoryAtStart', 'memory at first diagnostics', 'MiB'],
  ['memory', 'memory after editing', 'MiB'],
];

const bench = new Bench('Language servers on 1,000 lines: ours, and others on as many lines of their own language');
const others = process.argv.includes('--ours') ? [] : peers();
const theirs = await measureAll(others);
for (const [{ name }, samples] of await measureAll(ours)) {
  for (const [figure, title, unit] of FIGURES) {
    if (theirs.length === 0) bench.record(`${title}, ${name}`, unit, samples[figure]);
    for (const [{ name: who }, measured] of theirs) {
      bench.record(`${title}, ${name}`, unit, samples[figure], { who, samples: measured[figure] });
    }
  }
}
bench.report();

/** One after the other, so that no server takes time from another. */
async function measureAll(subjects: readonly Subject[]): Promise<readonly (readonly [Subject, Samples])[]> {
  const measured: (readonly [Subject, Samples])[] = [];
  for (const subject of subjects) measured.push([subject, await measure(subject)]);
  return measured;
}

function peers(): readonly Subject[] {
  const bin = installPeers();
  return [
    {
      name: 'prisma',
      command: node,
      args: () => [bin('prisma-language-server'), '--stdio'],
      document: prismaDocument(),
      settings: { prisma: { enableDiagnostics: true } },
    },
    {
      name: 'graphql',
      command: node,
      args: (folder) => [bin('graphql-lsp'), 'server', '-m', 'stream', '-c', folder],
      document: graphqlDocument(),
    },
    {
      name: 'yaml',
      command: node,
      args: () => [bin('yaml-language-server'), '--stdio'],
      document: yamlDocument(),
      settings: { yaml: { schemas: { './services.schema.json': 'services.yaml' }, validate: true, completion: true } },
    },
  ];
}
