/** Who writes (cli.md §5.5): `--as`, else `operator.actor`, else nobody. */
import type { OperatorConfig } from '../operator/config.js';
import type { GlobalFlags } from './global-flags.js';

export const embeddedActor = (flags: GlobalFlags, config: OperatorConfig): string | null =>
  flags.as ?? config.actor ?? null;
