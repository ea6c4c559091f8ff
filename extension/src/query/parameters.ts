/** What a form holds is text; what a query takes is JSON. Numbers keep every digit, since they travel as text. */
import type { RunnableParam, RunnableQuery } from 'omnigraph-language/editor';

/** By parameter name; empty: not given. */
export type FormValues = Readonly<Record<string, string>>;

export type ParamsJson = { readonly json: string } | { readonly problem: string };

/** The remembered values of the parameters that still exist. */
export const formValues = ({ params }: RunnableQuery, remembered: FormValues): FormValues =>
  Object.fromEntries(params.map(({ name }) => [name, Object.hasOwn(remembered, name) ? (remembered[name] ?? '') : '']));

/** The parameters as one JSON object; a parameter left empty is left out when it may be null. */
export function jsonOfValues({ params }: RunnableQuery, values: FormValues): ParamsJson {
  const members: string[] = [];
  for (const param of params) {
    const text = values[param.name] ?? '';
    if (text.trim() === '' && param.nullable) continue;
    const value = jsonOfValue(param, text);
    if (value === undefined) return { problem: `$${param.name}: '${text}' is no ${param.type}.` };
    members.push(`${JSON.stringify(param.name)}: ${value}`);
  }
  return { json: `{${members.join(', ')}}` };
}

function jsonOfValue({ kind }: RunnableParam, text: string): string | undefined {
  const trimmed = text.trim();
  switch (kind) {
    case 'string':
    case 'blob':
      return JSON.stringify(text);
    case 'date':
    case 'datetime':
      return trimmed === '' ? undefined : JSON.stringify(trimmed);
    case 'bool':
      return trimmed === 'true' || trimmed === 'false' ? trimmed : undefined;
    case 'int':
    case 'bigint':
      return /^-?\d+$/.test(trimmed) ? JSON.stringify(trimmed) : undefined;
    case 'float':
      return /^-?\d+(\.\d+)?([eE][+-]?\d+)?$/.test(trimmed) ? trimmed : undefined;
    case 'list':
    case 'vector':
      return listText(trimmed);
    default:
      return kind satisfies never;
  }
}

/** A JSON array, or words between commas. */
function listText(text: string): string | undefined {
  if (!text.startsWith('[')) {
    return JSON.stringify(
      text
        .split(',')
        .map((item) => item.trim())
        .filter((item) => item !== ''),
    );
  }
  try {
    return Array.isArray(JSON.parse(text)) ? text : undefined;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
