/**
 * The flag matrix of cli.md §4 as data: what each command is called in errors, its capability, and which of the six
 * scope flags it can consume. The guard rejects the rest.
 */
import type { ScopeFlag } from './global-flags.js';

export type Capability = 'any' | 'served' | 'direct' | 'control' | 'local';

export interface CommandScope {
  readonly label: string;
  readonly capability: Capability;
  readonly accepts: readonly ScopeFlag[];
  /** What to do instead of the rejected flag; empty for data commands. */
  readonly remedy: string;
  /** Changes a graph's data or schema, so the actor is recorded, and is the token's on a server (§5.5). */
  readonly writes?: boolean;
  /** The write-target echo precedes the work, so `--quiet` means something (§8.5). */
  readonly echoes?: boolean;
  /** The command may ask for consent, so `--yes` means something (§8.6). */
  readonly confirms?: boolean;
}

const DATA_READ: readonly ScopeFlag[] = ['server', 'graph', 'store', 'profile'];
const DATA_WRITE: readonly ScopeFlag[] = ['server', 'graph', 'store', 'as', 'profile'];
const APPLIED_STATE: readonly ScopeFlag[] = ['cluster', 'graph', 'profile'];

const PASS_URI = 'Pass a storage URI.';
const CONFIG_DIRECTORY = 'It works on a config directory: pass `--config <dir>`.';
const CLUSTER_SCOPE = 'Pass `--cluster <dir|uri>` or use a cluster profile.';
const NO_GRAPH = 'It addresses no graph.';

const data = (label: string, accepts: readonly ScopeFlag[]): CommandScope => ({
  label,
  capability: 'any',
  accepts,
  remedy: '',
});
const direct = (label: string, accepts: readonly ScopeFlag[]): CommandScope => ({
  label,
  capability: 'direct',
  accepts,
  remedy: PASS_URI,
});
const cluster = (accepts: readonly ScopeFlag[]): CommandScope => ({
  label: 'cluster',
  capability: 'control',
  accepts,
  remedy: CONFIG_DIRECTORY,
});
const applied = (label: string): CommandScope => ({
  label,
  capability: 'control',
  accepts: APPLIED_STATE,
  remedy: CLUSTER_SCOPE,
});
const local = (label: string): CommandScope => ({ label, capability: 'local', accepts: [], remedy: NO_GRAPH });

export const COMMAND_SCOPES = {
  query: data('query', DATA_READ),
  mutate: { ...data('mutate', DATA_WRITE), writes: true },
  load: { ...data('load', DATA_WRITE), writes: true, echoes: true, confirms: true },
  // `--as` is accepted and without effect on these three reads (§4).
  snapshot: data('snapshot', DATA_WRITE),
  export: data('export', DATA_WRITE),
  'schema show': data('schema show', DATA_WRITE),
  'commit list': data('commit', DATA_READ),
  'commit show': data('commit', DATA_READ),
  'schema apply': { ...data('schema apply', DATA_WRITE), writes: true, echoes: true },
  lsp: { label: 'lsp', capability: 'any', accepts: [], remedy: NO_GRAPH },
  'schema plan': direct('schema plan', ['store', 'profile']),
  init: direct('init', []),
  lint: direct('lint', ['cluster', 'graph', 'store', 'profile']),
  'queries list': applied('queries list'),
  'queries validate': applied('queries validate'),
  'policy validate': applied('policy'),
  'policy test': applied('policy'),
  'policy explain': applied('policy'),
  'cluster validate': cluster([]),
  'cluster plan': cluster([]),
  'cluster apply': cluster(['as']),
  'cluster approve': cluster(['as']),
  'cluster status': cluster([]),
  'cluster refresh': cluster([]),
  'cluster import': cluster([]),
  'cluster force-unlock': cluster([]),
  'cluster gc': cluster([]),
  'cluster graph': cluster([]),
  login: local('login'),
  logout: local('logout'),
  'profile list': local('profile'),
  'profile show': local('profile'),
  version: local('version'),
  completion: local('completion'),
} as const satisfies Readonly<Record<string, CommandScope>>;

export type CommandId = keyof typeof COMMAND_SCOPES;

export const isCommandId = (text: string): text is CommandId => Object.hasOwn(COMMAND_SCOPES, text);
