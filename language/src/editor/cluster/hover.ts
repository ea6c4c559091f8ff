/** Hovers in `cluster.yaml`: what a key means, what a name refers to, and what the plan would do about it. */
import { isScalar } from 'yaml';
import type { ConfigPath } from '../../cluster/index.js';
import type { ClusterDocument } from '../documents.js';
import type { Feature } from '../feature.js';
import { planDetail } from '../plan/index.js';
import { rangeOfSpan } from '../positions.js';
import type { Workspace } from '../workspace.js';
import { describeEntry, describeValue } from '../yaml/hover.js';
import { placeAt } from '../yaml/tree.js';
import { namedFiles } from './files.js';
import { CLUSTER_SHAPE } from './keys.js';
import { nameAt } from './names.js';
import { clusterYaml } from './yaml-text.js';

export const clusterHover: Feature<'cluster'> = (context) => ({
  'textDocument/hover': async (document, { position }) => {
    const place = placeAt(clusterYaml(document), document.lines.offset(position));
    if (place === undefined) return null;
    const { path, on, start, end } = place;
    const about =
      on === 'key'
        ? describeEntry(CLUSTER_SHAPE, path)
        : await describeTarget(document, start, path, context.workspace);
    const parts = [about, planDetail(document, path, context)].filter((part) => part !== undefined);
    if (parts.length === 0) return null;
    return {
      contents: { kind: 'markdown', value: parts.join('\n\n---\n\n') },
      range: rangeOfSpan({ offset: start, length: end - start }, document.lines),
    };
  },
});

async function describeTarget(
  document: ClusterDocument,
  offset: number,
  path: ConfigPath,
  workspace: Workspace,
): Promise<string | undefined> {
  const value = document.source.document.getIn(path, true);
  const text = isScalar(value) ? String(value.value) : '';
  const name = nameAt(document, offset) ?? nameAt(document, offset + text.lastIndexOf('.') + 1);
  if (name?.kind === 'graph') {
    const schema = document.config?.graphs.get(name.name)?.schema.value;
    return schema === undefined
      ? `\`${name.name}\` is not a declared graph.`
      : `Graph \`${name.name}\`, schema \`${schema}\``;
  }
  if (name?.kind === 'provider') {
    const kind = document.config?.providers.get(name.name);
    if (kind === undefined) return `\`${name.name}\` is not a declared provider.`;
    return `Embedding provider \`${name.name}\`, kind \`${kind.kind?.value ?? 'openai-compatible'}\``;
  }
  if (path[0] === 'policies' && path[2] === 'applies_to' && text === 'cluster') {
    return 'The server itself: who may list its graphs.';
  }
  const file = namedFiles(document).find(({ start }) => start === offset);
  if (file !== undefined) return describeFile(file.uri, file.name, workspace);
  return describeValue(CLUSTER_SHAPE, path, text) ?? describeEntry(CLUSTER_SHAPE, path);
}

async function describeFile(uri: string, name: string, workspace: Workspace): Promise<string> {
  const target = await workspace.load(uri);
  switch (target?.kind) {
    case 'schema': {
      const { nodes, edges } = target.catalog;
      return `Schema \`${name}\`: ${nodes.size} node types, ${edges.size} edge types`;
    }
    case 'query':
      return `\`${name}\`: ${target.compiled.queries.map((query) => `\`${query.name}\``).join(', ') || 'no query'}`;
    case 'policy':
      return `Policy bundle \`${name}\`: ${target.checked.value?.rules.length ?? 0} rules`;
    case 'cluster':
    case 'policy-tests':
      return `\`${name}\``;
    case undefined:
      return name.endsWith('.gq') || name.endsWith('.pg') || /\.ya?ml$/.test(name)
        ? `\`${name}\` does not exist.`
        : `Every \`.gq\` file in \`${name}\``;
    default:
      return target satisfies never;
  }
}
