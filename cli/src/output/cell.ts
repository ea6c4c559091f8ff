import { stringifyExactJson } from 'omnigraph-language';

/** One cell as text (cli.md §8.3): `null`, a raw string, a literal, or compact JSON. */
export function cellText(value: unknown): string {
  if (value === null || value === undefined) return 'null';
  switch (typeof value) {
    case 'string':
      return value;
    case 'number':
    case 'bigint':
    case 'boolean':
      return String(value);
    default:
      return stringifyExactJson(value);
  }
}
