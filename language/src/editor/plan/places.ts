/** Where in `cluster.yaml` a resource stands, by its address. */
import { type ConfigPath, locateInConfig, parseAddress } from '../../cluster/index.js';
import type { SourceRange } from '../../diagnostics/index.js';
import type { ClusterDocument } from '../documents.js';

interface ResourcePlace {
  /** The innermost entry that stands in the file. */
  readonly path: ConfigPath;
  /** Of the key. */
  readonly range: SourceRange;
  /** Whether the resource itself stands there; else what would hold it. */
  readonly isOwn: boolean;
}

/** The key of a resource; of one that is gone from the file, the nearest key that is left. */
export function placeOfAddress(document: ClusterDocument, address: string): ResourcePlace {
  return placeOfPath(document, pathOfAddress(document, address));
}

export function placeOfPath(document: ClusterDocument, path: ConfigPath): ResourcePlace {
  for (let length = path.length; length > 0; length -= 1) {
    const shorter = path.slice(0, length);
    const found = locateInConfig(document.source, shorter);
    if (found !== undefined) {
      return { path: shorter, range: found.key ?? found.value, isOwn: length === path.length };
    }
  }
  return { path: [], range: document.lines.range(0, 0), isOwn: false };
}

/** The path at which the configuration declares what an address names. */
function pathOfAddress({ config }: ClusterDocument, address: string): ConfigPath {
  const parsed = parseAddress(address);
  switch (parsed.kind) {
    case 'graph':
      return ['graphs', parsed.graph];
    case 'schema':
      return ['graphs', parsed.graph, 'schema'];
    case 'query': {
      const queries = ['graphs', parsed.graph, 'queries'];
      return config?.graphs.get(parsed.graph)?.queries?.form === 'map' ? [...queries, parsed.query] : queries;
    }
    case 'policy':
      return ['policies', parsed.policy];
    case 'embedding_provider':
      return ['providers', 'embedding', parsed.provider];
    case 'unknown':
      return [];
    default:
      return parsed satisfies never;
  }
}

/** The path of a diagnostic (`graphs.fleet.schema`, `policies.gate.applies_to[0]`) as steps. */
export function pathOfText(text: string): ConfigPath {
  return text
    .split(/[.[\]]/)
    .filter((step) => step !== '')
    .map((step) => (/^\d+$/.test(step) ? Number(step) : step));
}
