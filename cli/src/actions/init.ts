import { mkdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { compileSchema } from 'omnigraph-language';
import { graphLocation, initGraph } from 'omnigraph-server/engine';
import { type ExitCode, Failure, reasonOf } from '../failure.js';
import { refuseErrors } from '../output/diagnostics.js';
import { refuseClusterManaged } from '../scope/managed.js';
import { isHttpUri, isLocalUri } from '../scope/uri.js';
import type { Invocation } from '../shell.js';
import { absolute } from './graph.js';
import { readTextFile } from './text-file.js';

/** `init` (cli.md §9.7). Reads no operator config: nobody is recorded as the author of the genesis commit. */
export async function runInit(
  { terminal }: Invocation,
  uri: string,
  options: { readonly schema: string; readonly force?: true },
): Promise<ExitCode> {
  if (isHttpUri(uri)) {
    throw new Failure(
      `\`init\` is a direct (storage-native) command, but ${uri} is a remote server; pass a path, file:// or s3:// URI`,
    );
  }
  const remedy = 'its graphs are created by `omnigraph cluster apply`; declare this one in cluster.yaml instead';
  await refuseClusterManaged(uri, remedy, terminal.env);
  const schemaSource = await readTextFile(options.schema, 'schema file');
  refuseErrors(compileSchema(schemaSource, { uri: options.schema }).diagnostics, options.schema);
  await createParent(uri);
  await initGraph(graphLocation(absolute(uri), terminal.env), {
    schemaSource,
    actor: null,
    force: options.force === true,
  });
  await terminal.print(`initialized ${uri}`);
  return 0;
}

async function createParent(uri: string): Promise<void> {
  if (!isLocalUri(uri)) return;
  const path = uri.startsWith('file://') ? fileURLToPath(uri) : absolute(uri);
  try {
    await mkdir(dirname(path), { recursive: true });
  } catch (thrown) {
    throw new Failure(`could not create ${dirname(path)}: ${reasonOf(thrown)}`);
  }
}
