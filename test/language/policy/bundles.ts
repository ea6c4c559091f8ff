/** The example bundles of policy.md §3.3. */
export const ARCHIVE = `version: 1
groups:
  curators: [act-ines, act-tomas]
  keepers:  [act-ines]
  agents:   [svc-cataloguer]
protected_branches: [main, release]
rules:
  - id: everyone-reads
    allow: { actors: { group: curators }, actions: [read, export], branch_scope: any }
  - id: agents-read
    allow: { actors: { group: agents }, actions: [read], branch_scope: any }
  - id: agents-call-tools
    allow: { actors: { group: agents }, actions: [invoke_query] }
  - id: drafts-are-open
    allow: { actors: { group: curators }, actions: [change], branch_scope: unprotected }
  - id: agents-write-drafts
    allow: { actors: { group: agents }, actions: [change], branch_scope: unprotected }
  - id: curators-open-drafts
    allow: { actors: { group: curators }, actions: [branch_create, branch_delete], target_branch_scope: unprotected }
  - id: keepers-publish
    allow: { actors: { group: keepers }, actions: [branch_merge, schema_apply], target_branch_scope: protected }
`;

export const SERVER = `version: 1
groups: { operators: [act-ines] }
rules:
  - id: operators-see-topology
    allow: { actors: { group: operators }, actions: [graph_list] }
`;
