/**
 * How a run ends (cli.md §1.1). A `Failure` is something the user can cause and mend: its message is printed after
 * `Error: `, with no stack. Anything else that reaches the top is a bug and says so.
 */
export type ExitCode = 0 | 1 | 2 | 4;

export class Failure extends Error {
  override readonly name = 'Failure';
}

/** The message of anything thrown, for wrapping it into a `Failure` that names a file or a step. */
export const reasonOf = (thrown: unknown): string => (thrown instanceof Error ? thrown.message : String(thrown));

export const isErrno = (thrown: unknown, code: string): boolean =>
  thrown instanceof Error && 'code' in thrown && thrown.code === code;
