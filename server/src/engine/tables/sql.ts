/** The few pieces of SQL that LanceDB takes as filters. */

const identifier = (name: string): string => `\`${name}\``;

const literal = (text: string): string => `'${text.replaceAll("'", "''")}'`;

/** `column IN (…)`, exact and case-sensitive. `keys` must not be empty. */
export const isOneOf = (column: string, keys: readonly string[]): string =>
  `${identifier(column)} IN (${keys.map(literal).join(', ')})`;
