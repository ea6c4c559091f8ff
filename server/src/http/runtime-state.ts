import { StartupError } from './tokens.js';

/** What the process may do without asking a bundle (server.md §4, policy.md §7). */
export type RuntimeState = 'open' | 'default-deny' | 'policy-enabled';

export interface StateInputs {
  readonly hasTokens: boolean;
  readonly hasBundle: boolean;
  readonly unauthenticated: boolean;
}

/** Throws `StartupError` for the two combinations that must not serve. */
export function classifyState({ hasTokens, hasBundle, unauthenticated }: StateInputs): RuntimeState {
  if (hasTokens) return hasBundle ? 'policy-enabled' : 'default-deny';
  if (hasBundle) {
    throw new StartupError(
      'the applied cluster has a policy bundle but no bearer token is configured, so every request would be 401: ' +
        'set OMNIGRAPH_SERVER_BEARER_TOKEN, …_TOKENS_JSON or …_TOKENS_FILE, or apply the cluster without policies',
    );
  }
  if (unauthenticated) return 'open';
  throw new StartupError(
    'no bearer token and no policy bundle: the server would be fully open. Configure tokens, or start it with ' +
      '--unauthenticated (or OMNIGRAPH_UNAUTHENTICATED=1) to accept that',
  );
}

/** Truthy = set, not blank, not `0`, not `false` in any letter case (server.md §2). */
export function isTruthy(value: string | undefined): boolean {
  const text = value?.trim().toLowerCase() ?? '';
  return text !== '' && text !== '0' && text !== 'false';
}
