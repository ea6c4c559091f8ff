/**
 * Old spellings (cli.md §1.4) and `help a b`, rewritten on raw argument positions before anything is parsed: only a
 * word that stands first is an old spelling, so a stored query may well be called `lint`.
 */
export interface Rewritten {
  readonly argv: readonly string[];
  /** One line for stderr, naming the old and the new spelling. */
  readonly warning?: string;
}

export function rewriteCompat(argv: readonly string[]): Rewritten {
  const [first, second] = argv;
  if (first === 'help') return { argv: [...argv.slice(1), '--help'] };
  if (first === 'query' && (second === 'lint' || second === 'check')) {
    return replaced(`query ${second}`, 'lint', argv.slice(2));
  }
  switch (first) {
    case 'check':
      return replaced('check', 'lint', argv.slice(1));
    case 'read':
      return replaced('read', 'query', argv.slice(1));
    case 'change':
      return replaced('change', 'mutate', argv.slice(1));
    default:
      return { argv };
  }
}

const replaced = (old: string, current: string, rest: readonly string[]): Rewritten => ({
  argv: [current, ...rest],
  warning: `warning: \`omnigraph ${old}\` is deprecated; use \`omnigraph ${current}\``,
});
