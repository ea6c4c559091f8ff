/** Where a graph lies: its small objects as a store, its tables as LanceDB addresses them. */
import { type Environment, type ObjectStore, openStore, parseStorageRoot, s3Settings } from '../storage/index.js';

export interface GraphLocation {
  /** Rooted at the graph root. */
  readonly store: ObjectStore;
  /** What LanceDB connects to: an absolute path or an `s3://` URI. */
  readonly tablesUri: string;
  readonly storageOptions?: Readonly<Record<string, string>>;
}

/** The location of a graph root: a path, `file://` or `s3://`. Throws `StorageError` for a root that names none. */
export function graphLocation(rootUri: string, env: Environment): GraphLocation {
  const store = openStore(rootUri, env);
  const parsed = parseStorageRoot(rootUri);
  switch (parsed.kind) {
    case 'disk':
      return { store, tablesUri: store.location };
    case 's3':
      return {
        store,
        tablesUri: `s3://${parsed.bucket}${parsed.prefix === '' ? '' : `/${parsed.prefix}`}`,
        storageOptions: tableStorageOptions(env),
      };
  }
}

export const isLocal = (location: GraphLocation): boolean => !location.tablesUri.startsWith('s3://');

/** The same settings as the object store's, under the names LanceDB knows. */
function tableStorageOptions(env: Environment): Readonly<Record<string, string>> {
  const { region, endpoint, forcePathStyle, credentials } = s3Settings(env);
  return {
    region,
    virtual_hosted_style_request: String(!forcePathStyle),
    ...(endpoint === undefined ? {} : { endpoint, allow_http: String(endpoint.startsWith('http://')) }),
    ...(credentials === undefined
      ? {}
      : {
          access_key_id: credentials.accessKeyId,
          secret_access_key: credentials.secretAccessKey,
          ...(credentials.sessionToken === undefined ? {} : { session_token: credentials.sessionToken }),
        }),
  };
}
