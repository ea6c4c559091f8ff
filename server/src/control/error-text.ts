/** What an error says, for a diagnostic. */
export const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
