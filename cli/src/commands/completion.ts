import { Argument, type Command } from 'commander';
import { examples, type Shell } from '../shell.js';

/** A hidden extra (cli.md §1.3): the script is made from the command tree itself, so it never lags behind. */
export const completionCommand = (shell: Shell, root: Command, completeTree: () => void): Command =>
  shell
    .declare('completion', 'Print a completion script for a shell')
    .addArgument(new Argument('<shell>', 'which shell').choices(['bash', 'zsh', 'fish']))
    .addHelpText('after', examples('omnigraph completion bash > ~/.local/share/bash-completion/completions/omnigraph'))
    .action(
      shell.run('completion', async () => {
        const { runCompletion } = await import('../actions/completion.js');
        return (invocation, shellName: string) => {
          completeTree();
          return runCompletion(invocation, root, shellName);
        };
      }),
    );
