/** The cluster C of cli.md §13: `port/`, one graph `fleet` with stored queries and a policy bundle, converged. */
import { temporaryFolder } from '../support/temporary-folder.js';
import { copiesOf } from './copies.js';
import { ADD_VESSEL, QUERIES, SCHEMA, succeeds, writeFiles } from './harbor.js';

export const CLUSTER = `version: 1
metadata: { name: port }
state: { backend: cluster, lock: true }
graphs:
  fleet:
    schema: harbor.pg
    queries: queries/
policies:
  gate:
    file: gate.policy.yaml
    applies_to: [fleet]
`;

export const POLICY = `version: 1
groups:
  crew: [act-mireille, act-tomas]
rules:
  - id: crew-reads
    allow: { actors: { group: crew }, actions: [read], branch_scope: any }
  - id: crew-changes
    allow: { actors: { group: crew }, actions: [change], branch_scope: unprotected }
protected_branches: [main]
`;

export const DESCRIBED = `query described($imo: String?) @description("One vessel
and its name") @instruction("Ask for a number") {
  match { $v: Vessel }
  return { $v.name }
}
`;

const FILES: Readonly<Record<string, string>> = {
  'port/cluster.yaml': CLUSTER,
  'port/harbor.pg': SCHEMA,
  'port/queries/fleet.gq': QUERIES,
  'port/queries/vessels.gq': `${ADD_VESSEL}\n`,
  'port/gate.policy.yaml': POLICY,
};

/** A folder with `port/` as files only: nothing imported, nothing applied. */
export async function port(changed: Readonly<Record<string, string>> = {}): Promise<string> {
  const folder = await temporaryFolder();
  await writeFiles(folder, { ...FILES, ...changed });
  return folder;
}

/** The same folder after `cluster import` and `cluster apply`. */
export const convergedPort = copiesOf(async (folder) => {
  await writeFiles(folder, FILES);
  await succeeds(['cluster', 'import', '--config', 'port'], { cwd: folder });
  await succeeds(['cluster', 'apply', '--config', 'port'], { cwd: folder });
});
