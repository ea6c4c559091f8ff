import type { GlobalFlags } from '../../cli/src/scope/global-flags.js';

/** A command line without any global flag. */
export const NO_FLAGS: GlobalFlags = {
  as: undefined,
  server: undefined,
  graph: undefined,
  profile: undefined,
  store: undefined,
  cluster: undefined,
  yes: false,
  quiet: false,
};
