import { type Command, Option } from 'commander';
import { examples, type Shell, URI_ARGUMENT, valueOption } from '../shell.js';

/** cli.md §9.4.2. */
export const exportCommand = (shell: Shell): Command =>
  shell
    .declare('export', 'Write a graph as JSONL that `load` reads back')
    .argument(...URI_ARGUMENT)
    .addOption(valueOption('--branch <branch>', 'branch to export (default: main)'))
    .addOption(
      new Option('--type <type>', 'only entities of this type; may be repeated').argParser(
        (type: string, earlier: readonly string[] | undefined) => [...(earlier ?? []), type],
      ),
    )
    // The output has always been JSONL; the flag that once asked for it stays accepted (§1.4).
    .addOption(new Option('--jsonl').hideHelp())
    .addHelpText('after', examples('omnigraph export g.omni --type Vessel > vessels.jsonl'))
    .action(shell.run('export', async () => (await import('../actions/export.js')).runExport));
