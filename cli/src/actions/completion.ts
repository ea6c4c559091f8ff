/** Completion scripts for bash, zsh and fish, made from the command tree that parses the arguments. */
import type { Command } from 'commander';
import type { ExitCode } from '../failure.js';
import type { Invocation } from '../shell.js';

/** What may follow one command path: subcommands, or options for a leaf. */
interface Completions {
  /** Command words joined by spaces; empty for the root. */
  readonly path: string;
  readonly words: readonly { readonly word: string; readonly description: string }[];
}

export async function runCompletion({ terminal }: Invocation, root: Command, shell: string): Promise<ExitCode> {
  const tree = completionsOf(root, '');
  await terminal.print(shell === 'fish' ? fishScript(tree) : shell === 'zsh' ? zshScript(tree) : bashScript(tree));
  return 0;
}

function completionsOf(command: Command, path: string): readonly Completions[] {
  const visible = command.createHelp().visibleCommands(command);
  const options = command.createHelp().visibleOptions(command);
  const here: Completions = {
    path,
    words: [
      ...visible.map((child) => ({ word: child.name(), description: child.summary() })),
      ...options.map((option) => ({ word: option.long ?? option.flags, description: option.description })),
    ],
  };
  return [
    here,
    ...visible.flatMap((child) => completionsOf(child, path === '' ? child.name() : `${path} ${child.name()}`)),
  ];
}

/** The command path typed so far, walked word by word through the known paths; works in bash and in zsh. */
const pathWalk = (paths: readonly string[], words: string): string => `  local path= word
  for word in ${words}; do
    case "\${path:+$path }$word" in
      ${paths.map((path) => `'${path}'`).join('|')}) path="\${path:+$path }$word" ;;
    esac
  done`;

/** The words between the program and the cursor. */
const TYPED_IN_BASH = `"\${COMP_WORDS[@]:1:COMP_CWORD-1}"`;
const TYPED_IN_ZSH = `"\${(@)words[2,CURRENT-1]}"`;

function bashScript(tree: readonly Completions[]): string {
  const paths = tree.map(({ path }) => path).filter((path) => path !== '');
  const cases = tree.map(({ path, words }) => `    '${path}') words='${words.map(({ word }) => word).join(' ')}' ;;`);
  return `_omnigraph() {
${pathWalk(paths, TYPED_IN_BASH)}
  local words=
  case "$path" in
${cases.join('\n')}
  esac
  COMPREPLY=($(compgen -W "$words" -- "\${COMP_WORDS[COMP_CWORD]}"))
}
complete -o default -F _omnigraph omnigraph
`;
}

function zshScript(tree: readonly Completions[]): string {
  const paths = tree.map(({ path }) => path).filter((path) => path !== '');
  const cases = tree.map(
    ({ path, words }) =>
      `    '${path}') candidates=(${words.map(({ word, description }) => quoted(`${word}:${description}`)).join(' ')}) ;;`,
  );
  // In zsh \`path\` is tied to PATH, so the walk's variable is renamed.
  const walk = pathWalk(paths, TYPED_IN_ZSH).replaceAll(/\bpath\b/g, 'command_path');
  return `#compdef omnigraph
_omnigraph() {
${walk}
  local -a candidates
  case "$command_path" in
${cases.join('\n')}
  esac
  _describe 'omnigraph' candidates || _files
}
compdef _omnigraph omnigraph
# Loaded from a folder of fpath, this file is the function's first call.
if [ "$funcstack[1]" = "_omnigraph" ]; then _omnigraph; fi
`;
}

function fishScript(tree: readonly Completions[]): string {
  const lines = tree.flatMap(({ path, words }) => {
    const condition =
      path === ''
        ? '__fish_use_subcommand'
        : path
            .split(' ')
            .map((word) => `__fish_seen_subcommand_from ${word}`)
            .join('; and ');
    return words.map(({ word, description }) => {
      const candidate = word.startsWith('--') ? `-l ${word.slice(2)}` : `-a ${word}`;
      return `complete -c omnigraph -n ${quoted(condition)} ${candidate} -d ${quoted(description)}`;
    });
  });
  return `${lines.join('\n')}\n`;
}

const quoted = (text: string): string => `'${text.replaceAll("'", "'\\''")}'`;
