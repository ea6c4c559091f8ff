/**
 * What the environment says about S3 (cluster.md §3.2): endpoint, plain HTTP, path style, region, credentials. Nothing
 * of it ever stands in `cluster.yaml` or in a message.
 */
export type Environment = Readonly<Record<string, string | undefined>>;

export interface S3Settings {
  readonly region: string;
  readonly endpoint?: string;
  readonly forcePathStyle: boolean;
  /** Absent when the environment names no key: the client then asks its own chain (profile, container, instance). */
  readonly credentials?: {
    readonly accessKeyId: string;
    readonly secretAccessKey: string;
    readonly sessionToken?: string;
  };
}

/** Reads the settings. Throws an `Error` naming the variable when the endpoint is not a usable URL. */
export function s3Settings(env: Environment): S3Settings {
  const endpoint = endpointOf(env);
  const accessKeyId = env.AWS_ACCESS_KEY_ID;
  const secretAccessKey = env.AWS_SECRET_ACCESS_KEY;
  return {
    region: env.AWS_REGION || env.AWS_DEFAULT_REGION || 'us-east-1',
    forcePathStyle: isTruthy(env.AWS_S3_FORCE_PATH_STYLE),
    ...(endpoint === undefined ? {} : { endpoint }),
    ...(accessKeyId && secretAccessKey
      ? {
          credentials: {
            accessKeyId,
            secretAccessKey,
            ...(env.AWS_SESSION_TOKEN ? { sessionToken: env.AWS_SESSION_TOKEN } : {}),
          },
        }
      : {}),
  };
}

const TRUTHY = new Set(['1', 'true', 'TRUE', 'True', 'yes', 'YES', 'on', 'ON']);

const isTruthy = (value: string | undefined): boolean => value !== undefined && TRUTHY.has(value);

function endpointOf(env: Environment): string | undefined {
  const variable = env.AWS_ENDPOINT_URL_S3 ? 'AWS_ENDPOINT_URL_S3' : 'AWS_ENDPOINT_URL';
  const written = env[variable];
  if (!written) return undefined;
  const scheme = isTruthy(env.AWS_ALLOW_HTTP) ? 'http' : 'https';
  const text = written.includes('://') ? written : `${scheme}://${written}`;
  if (!URL.canParse(text) || !/^https?:\/\//i.test(text)) {
    throw new Error(`${variable} is not an http:// or https:// URL`);
  }
  return text;
}
