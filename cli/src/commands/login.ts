import type { Command } from 'commander';
import { examples, jsonOption, type Shell, valueOption } from '../shell.js';

/** cli.md §7.3. */
export const loginCommand = (shell: Shell): Command =>
  shell
    .declare('login', "Store a server's token for this operator")
    .argument('<name>', 'name of the server in the operator config')
    .addOption(valueOption('--token <token>', 'the token; without it one line is read from stdin'))
    .addOption(jsonOption())
    .addHelpText('after', examples('printf \'%s\\n\' "$TOKEN" | omnigraph login north-dock'))
    .action(shell.run('login', async () => (await import('../actions/login.js')).runLogin));

/** cli.md §7.3. */
export const logoutCommand = (shell: Shell): Command =>
  shell
    .declare('logout', "Remove a server's stored token")
    .argument('<name>', 'name of the server')
    .addOption(jsonOption())
    .addHelpText('after', examples('omnigraph logout north-dock'))
    .action(shell.run('logout', async () => (await import('../actions/login.js')).runLogout));
