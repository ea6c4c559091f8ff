/**
 * The regular expressions of `@check`: RE2 (linear time, no look-around, no back-references), searched unanchored and
 * case-sensitively, with `\d`, `\w` and `\s` meaning Unicode classes and `(?x)` allowed. schema-language.md §17.
 */
import { RE2JS, RE2JSException } from 're2js';
import { toRe2Syntax } from './pattern-syntax.js';

export type CompiledPattern = { readonly matches: (text: string) => boolean } | { readonly problem: string };

/** Compiles a pattern; `problem` says in one clause why it is none. `matches` is true when it occurs anywhere. */
export function compilePattern(pattern: string): CompiledPattern {
  const translated = toRe2Syntax(pattern);
  if ('problem' in translated) return translated;
  try {
    const compiled = RE2JS.compile(translated.pattern);
    return { matches: (text) => compiled.matcher(text).find() };
  } catch (cause) {
    if (cause instanceof RE2JSException) return { problem: cause.message };
    throw cause;
  }
}
