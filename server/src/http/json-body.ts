/** Bytes of a request body → JSON whose numbers stay exact, and what a schema found wrong with it, in one clause. */
import { type ExactJson, parseExactJson } from 'omnigraph-language';

const UTF8 = new TextDecoder('utf-8', { fatal: true });

/** Throws an `Error` whose message says what is wrong with the text. Bytes that are not UTF-8 are never repaired. */
export function parseJsonBody(bytes: Uint8Array): ExactJson {
  return parseExactJson(decode(bytes));
}

function decode(bytes: Uint8Array): string {
  try {
    return UTF8.decode(bytes);
  } catch (problem) {
    if (problem instanceof TypeError) throw new SyntaxError('the text is not valid UTF-8');
    throw problem;
  }
}

/** What the validator reports of one failed keyword. */
export interface SchemaFault {
  readonly keyword: string;
  readonly instancePath: string;
  readonly message?: string;
  readonly params: Readonly<Record<string, unknown>>;
}

/** `where` is the part of the request: `body`, `querystring`, `params`. */
export function describeFaults(faults: readonly SchemaFault[], where: string): Error {
  const [first] = faults;
  if (first === undefined) throw new Error('a failed validation names no fault');
  if (first.keyword === 'required') return new Error(`'${String(first.params.missingProperty)}' is required`);
  const name = first.instancePath.slice(1).replaceAll('/', '.') || `the ${where}`;
  if (where === 'querystring') return new Error(`query parameter '${name}' must be given once`);
  const allowed = faults.filter(({ instancePath }) => instancePath === first.instancePath).flatMap(alternative);
  return new Error(allowed.length === 0 ? `${name} ${first.message}` : `${name} must be ${listed(allowed)}`);
}

function alternative({ keyword, params }: SchemaFault): readonly string[] {
  if (keyword === 'const') return [JSON.stringify(params.allowedValue)];
  if (keyword !== 'type') return [];
  const type = String(params.type);
  if (type === 'null') return ['null'];
  return [`${/^[aio]/.test(type) ? 'an' : 'a'} ${type}`];
}

const listed = (items: readonly string[]): string =>
  items.length === 1 ? items.join() : `${items.slice(0, -1).join(', ')} or ${items.at(-1)}`;
