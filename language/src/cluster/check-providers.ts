/** Checks of declared embedding providers. Contract: cluster.md §3.4. No message ever repeats a key's text. */
import { isResourceId, sortedMap } from './address.js';
import { type ClusterConfig, type EmbeddingProfile, type ProviderEntry, profileOf } from './config.js';
import type { ConfigSink } from './config-sink.js';

export const EMBEDDING_KINDS: readonly string[] = ['openai-compatible', 'openai', 'gemini', 'mock'];

const ENVIRONMENT_REFERENCE = /^\$\{([^}]*)\}$/;

/** The variable that `${NAME}` names, trimmed; `undefined` for any other text. */
export function environmentReference(text: string): string | undefined {
  const name = ENVIRONMENT_REFERENCE.exec(text.trim())?.[1]?.trim();
  return name === '' ? undefined : name;
}

/** The declared profiles by name; problems go to the sink in name order. */
export function checkProviders(config: ClusterConfig, sink: ConfigSink): ReadonlyMap<string, EmbeddingProfile> {
  const providers = sortedMap(config.providers);
  for (const entry of providers.values()) checkProvider(entry, sink);
  return new Map([...providers].map(([name, entry]) => [name, profileOf(entry)]));
}

function checkProvider(entry: ProviderEntry, sink: ConfigSink): void {
  const path = `providers.embedding.${entry.name.value}`;
  if (!isResourceId(entry.name.value)) {
    sink.error(
      'invalid_resource_id',
      path,
      `"${entry.name.value}" is not a provider name`,
      entry.name.range,
      'start with a letter or underscore and go on with letters, digits, underscores and hyphens',
    );
  }
  const kind = entry.kind?.value ?? 'openai-compatible';
  const isKnown = EMBEDDING_KINDS.includes(kind);
  if (entry.kind && !isKnown) {
    const remedy = `write one of ${EMBEDDING_KINDS.join(', ')}`;
    sink.error('invalid_embedding_provider', path, `unknown kind "${kind}"`, entry.kind.range, remedy);
  }
  const remedy = `write api_key: \${NAME} and set that variable where the server runs`;
  if (entry.apiKey) {
    if (environmentReference(entry.apiKey.value) === undefined) {
      const message = 'a key must not stand in the configuration';
      sink.error('embedding_api_key_inline', `${path}.api_key`, message, entry.apiKey.range, remedy);
    }
  } else if (isKnown && kind !== 'mock') {
    sink.error('embedding_api_key_required', `${path}.api_key`, `kind "${kind}" needs a key`, entry.name.range, remedy);
  }
}
