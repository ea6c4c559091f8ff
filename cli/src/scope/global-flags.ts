/**
 * The eight global flags (cli.md §2). They may stand before or after the subcommand at any depth, so every level of
 * the command tree declares them and one recorder collects them; a value given twice, at whatever levels, is a syntax
 * error (§1.3).
 */
import { type Command, InvalidArgumentError, Option } from 'commander';

export type ScopeFlag = 'server' | 'cluster' | 'graph' | 'store' | 'as' | 'profile';

export type GlobalFlagName = ScopeFlag | 'yes' | 'quiet';

export interface GlobalFlags {
  readonly as: string | undefined;
  readonly server: string | undefined;
  readonly graph: string | undefined;
  readonly profile: string | undefined;
  readonly store: string | undefined;
  readonly cluster: string | undefined;
  readonly yes: boolean;
  readonly quiet: boolean;
}

const VALUED: readonly (readonly [ScopeFlag, string, string])[] = [
  ['as', 'actor', 'actor id for an embedded write, `cluster apply` and `cluster approve`'],
  ['server', 'name|url', 'a server from the operator config, or its URL'],
  ['graph', 'graph-id', 'the graph inside a server or cluster'],
  ['profile', 'name', 'a named scope from the operator config'],
  ['store', 'uri', "one graph's storage: a path, file:// or s3://"],
  ['cluster', 'dir|uri|name', 'a cluster: a name from the operator config, a config directory or a storage root'],
];

const SWITCHES = [
  ['yes', 'consent to a destructive write on a non-local target'],
  ['quiet', 'do not echo the write target'],
] as const;

const HEADING = 'Global options:';

export class GlobalFlagRecorder {
  readonly #values = new Map<ScopeFlag, string>();
  #yes = false;
  #quiet = false;

  /** Declares the flags on one command; what it parses lands in this recorder. Its help shows only those in `shown`. */
  declareOn(command: Command, shown: (flag: GlobalFlagName) => boolean): void {
    for (const [name, value, description] of VALUED) {
      const option = new Option(`--${name} <${value}>`, description).argParser((text: string) => {
        if (this.#values.has(name)) throw new InvalidArgumentError('It was given more than once.');
        this.#values.set(name, text);
        return text;
      });
      command.addOption(option.helpGroup(HEADING).hideHelp(!shown(name)));
    }
    for (const [name, description] of SWITCHES) {
      command.addOption(new Option(`--${name}`, description).helpGroup(HEADING).hideHelp(!shown(name)));
    }
    command.on('option:yes', () => {
      this.#yes = true;
    });
    command.on('option:quiet', () => {
      this.#quiet = true;
    });
  }

  get flags(): GlobalFlags {
    return {
      as: this.#values.get('as'),
      server: this.#values.get('server'),
      graph: this.#values.get('graph'),
      profile: this.#values.get('profile'),
      store: this.#values.get('store'),
      cluster: this.#values.get('cluster'),
      yes: this.#yes,
      quiet: this.#quiet,
    };
  }
}

/** Does the word that starts an argument list's first option take a value? Used to find the first command word. */
export const takesValue = (option: string): boolean => VALUED.some(([name]) => option === `--${name}`);
