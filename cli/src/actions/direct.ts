import { Failure } from '../failure.js';
import type { OperatorConfig } from '../operator/config.js';
import { appliedGraphUri } from '../scope/cluster-storage.js';
import { resolveScope } from '../scope/resolve.js';
import { isHttpUri } from '../scope/uri.js';
import type { Invocation } from '../shell.js';

/** The storage of one graph for a direct command (cli.md §§5.3–5.4): given, or found in a cluster's ledger. */
export async function directGraphUri(
  { label, flags, terminal }: Invocation,
  uri: string | undefined,
  config: OperatorConfig,
): Promise<string> {
  const scope = resolveScope({ uri, uriName: 'the URI argument', flags, env: terminal.env }, config);
  switch (scope.kind) {
    case 'store':
      if (!isHttpUri(scope.uri)) return scope.uri;
      throw new Failure(
        `\`${label}\` is a direct (storage-native) command and needs direct storage access, but ${scope.uri} is a remote server; pass a file:// or s3:// URI`,
      );
    case 'cluster':
      return appliedGraphUri(scope.cluster, scope.graph, config, terminal.env);
    case 'server':
      throw new Failure(
        `\`${label}\` needs direct storage access, but ${scope.source} addresses a server; pass \`--store <uri>\`, or \`--cluster <dir|uri> --graph <id>\``,
      );
    default:
      return scope satisfies never;
  }
}
