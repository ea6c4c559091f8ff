/** The syntax of policy documents, read once per snapshot. */
import { isScalar, isSeq } from 'yaml';
import type { ConfigPath } from '../../cluster/index.js';
import { type PolicySource, parsePolicySource } from '../../policy/index.js';
import type { PolicyDocument, PolicyTestsDocument } from '../documents.js';
import type { YamlText } from '../yaml/tree.js';

/** A bundle's syntax with places, as much as can be read. */
export function policySource(document: PolicyDocument | PolicyTestsDocument): PolicySource {
  const known = sources.get(document);
  if (known !== undefined) return known;
  const source = parsePolicySource(document.text);
  sources.set(document, source);
  return source;
}

const sources = new WeakMap<PolicyDocument | PolicyTestsDocument, PolicySource>();

export const policyYaml = (document: PolicyDocument | PolicyTestsDocument): YamlText => ({
  text: document.text,
  lines: document.lines,
  tree: policySource(document).yaml.document,
});

/** The texts of a list in the tree; empty for anything else. */
export function stringsAt({ tree }: YamlText, path: ConfigPath): readonly string[] {
  const node = tree.getIn(path, true);
  if (!isSeq(node)) return [];
  return node.items.flatMap((item) => (isScalar(item) && typeof item.value === 'string' ? [item.value] : []));
}
