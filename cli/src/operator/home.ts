/** Where the per-operator files live (cli.md §3): `$OMNIGRAPH_HOME`, else `~/.omnigraph`. */
import { join } from 'node:path';

type Environment = Readonly<Record<string, string | undefined>>;

/** The directory, or `undefined` when neither `OMNIGRAPH_HOME` nor `HOME` says where it is. */
export function operatorHome(env: Environment): string | undefined {
  const home = env.HOME === '' ? undefined : env.HOME;
  const chosen = env.OMNIGRAPH_HOME;
  if (chosen === undefined || chosen === '') return home === undefined ? undefined : join(home, '.omnigraph');
  if (chosen === '~') return home;
  if (chosen.startsWith('~/')) return home === undefined ? undefined : join(home, chosen.slice(2));
  return chosen;
}

export const configPath = (env: Environment): string | undefined => below(env, 'config.yaml');

export const credentialsPath = (env: Environment): string | undefined => below(env, 'credentials');

function below(env: Environment, file: string): string | undefined {
  const home = operatorHome(env);
  return home === undefined ? undefined : join(home, file);
}
