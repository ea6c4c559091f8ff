/** A small workspace around one `cluster.yaml`, for tests of what the editor does in it. */
import { afterAll } from 'vitest';
import { type EditorOptions, marked, openEditor, type TestEditor } from '../fixture.js';

export const FILES: Readonly<Record<string, string>> = {
  'fleet.pg': 'node Vessel {\n  imo: String @key\n  name: String\n}\n',
  'docks.pg': 'node Dock {\n  code: String @key\n}\n',
  'queries/vessels.gq': 'query by_imo($imo: String) {\n  match { $v: Vessel { imo: $imo } }\n  return { $v.name }\n}\n',
  'queries/more.gq': 'query all_vessels() {\n  match { $v: Vessel }\n  return { $v.name }\n}\n',
  'gate.policy.yaml':
    'version: 1\ngroups: { crew: [act-ann] }\nrules:\n  - id: crew-reads\n    allow: { actors: { group: crew }, actions: [read] }\n',
  'hall.policy.yaml':
    'version: 1\ngroups: { ops: [act-bob] }\nrules:\n  - id: ops-list\n    allow: { actors: { group: ops }, actions: [graph_list] }\n',
};

export const CLUSTER = `version: 1
metadata: { name: harbour }
providers:
  embedding:
    default: { kind: mock }
graphs:
  fleet:
    schema: fleet.pg
    queries: queries/
    embedding_provider: default
policies:
  gate: { file: gate.policy.yaml, applies_to: [fleet] }
  hall: { file: hall.policy.yaml, applies_to: [cluster] }
`;

interface ClusterOptions extends EditorOptions {
  readonly files?: Readonly<Record<string, string>>;
}

/** Asks about the marked place of a `cluster.yaml`; a logged bug fails the test. */
export async function atMarker<R>(
  source: string,
  ask: (editor: TestEditor, place: ReturnType<typeof marked>) => Promise<R>,
  options?: ClusterOptions,
): Promise<R> {
  const place = marked(source);
  return withCluster(place.text, (editor) => ask(editor, place), options);
}

/** Opens a text as `cluster.yaml`; tests without options of their own share one server. */
export async function withCluster<R>(
  text: string,
  ask: (editor: TestEditor) => Promise<R>,
  options?: ClusterOptions,
): Promise<R> {
  if (options !== undefined) {
    const { files = FILES, ...others } = options;
    const editor = await openEditor({ ...files, 'cluster.yaml': text }, others);
    try {
      return await watched(editor, ask);
    } finally {
      await editor.settled();
      await editor.dispose();
    }
  }
  shared ??= openEditor({ ...FILES, 'cluster.yaml': CLUSTER });
  const editor = await shared;
  await editor.open('cluster.yaml', text);
  return watched(editor, ask);
}

let shared: Promise<TestEditor> | undefined;

afterAll(async () => {
  const editor = await shared;
  await editor?.settled();
  await editor?.dispose();
});

async function watched<R>(editor: TestEditor, ask: (editor: TestEditor) => Promise<R>): Promise<R> {
  const before = editor.errors.length;
  const answer = await ask(editor);
  const logged = editor.errors.slice(before);
  if (logged.length > 0) throw new Error(logged.join('\n'));
  return answer;
}
