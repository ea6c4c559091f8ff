/** Remembers what was sent, so that the next answer may be a small difference (LSP 3.17 semantic tokens delta). */
import type { SemanticTokens, SemanticTokensDelta } from 'vscode-languageserver';
import { tokenEdits } from './semantic-tokens-encode.js';

interface TokenHistory {
  full(uri: string, data: readonly number[]): SemanticTokens;
  /** A difference when the client holds what was sent last, else everything. */
  delta(uri: string, previous: string, data: readonly number[]): SemanticTokens | SemanticTokensDelta;
  forget(uri: string): void;
}

export function createTokenHistory(): TokenHistory {
  const sent = new Map<string, { readonly resultId: string; readonly data: readonly number[] }>();
  let count = 0;
  const remember = (uri: string, data: readonly number[]): string => {
    count += 1;
    const resultId = String(count);
    sent.set(uri, { resultId, data });
    return resultId;
  };
  const full = (uri: string, data: readonly number[]): SemanticTokens => ({
    resultId: remember(uri, data),
    data: [...data],
  });
  return {
    full,
    delta: (uri, previous, data) => {
      const last = sent.get(uri);
      if (last?.resultId !== previous) return full(uri, data);
      return { resultId: remember(uri, data), edits: [...tokenEdits(last.data, data)] };
    },
    forget: (uri) => {
      sent.delete(uri);
    },
  };
}
