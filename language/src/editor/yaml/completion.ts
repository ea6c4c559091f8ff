/**
 * Completion in YAML documents of ours: the shape says which keys and values fit under the cursor, the kind of document
 * says which names there are.
 */
import { type CompletionItem, CompletionItemKind, InsertTextFormat } from 'vscode-languageserver';
import type { LineIndex } from '../../diagnostics/index.js';
import { rangeOf } from '../positions.js';
import { cursorAt, type YamlCursor } from './cursor.js';
import { type KeyShape, type ScalarShape, shapesAt, type YamlShape } from './shape.js';

export interface OfferedValue {
  readonly value: string;
  readonly detail?: string;
  readonly doc?: string;
  readonly kind?: CompletionItemKind;
}

interface YamlCompletion {
  readonly text: string;
  readonly lines: LineIndex;
  readonly offset: number;
  readonly shape: YamlShape;
  readonly snippets: boolean;
  /** The names of a source, for the place under the cursor. */
  readonly values: (source: string, cursor: YamlCursor) => readonly OfferedValue[] | Promise<readonly OfferedValue[]>;
  /** Keys that a mapping may not have for a reason the shape does not know. */
  readonly isExcluded?: (key: string, cursor: YamlCursor) => boolean;
}

/** Everything that fits at the cursor, in the order to show; never throws on any text. */
export async function completeYaml(request: YamlCompletion): Promise<readonly CompletionItem[]> {
  const cursor = cursorAt(request.text, request.offset);
  if (cursor === undefined || cursor.prefix.includes('\n')) return [];
  const shapes = shapesAt(request.shape, cursor.path);
  const groups = await Promise.all(shapes.map((shape) => itemsOf(shape, cursor, request)));
  const seen = new Set<string>();
  return groups
    .flat()
    .filter(({ label }) => !seen.has(label) && seen.add(label))
    .map((item, at) => ({ ...item, sortText: String(at).padStart(4, '0') }));
}

async function itemsOf(
  shape: YamlShape,
  cursor: YamlCursor,
  request: YamlCompletion,
): Promise<readonly CompletionItem[]> {
  const takesKeys = cursor.on === 'key' || (cursor.on === 'open' && !cursor.sameLine);
  switch (shape.kind) {
    case 'map':
      return takesKeys ? keyItems(shape.keys, cursor, request) : [];
    case 'named':
      return takesKeys ? nameItems(shape, cursor, request) : [];
    case 'list':
      return cursor.on === 'open' ? listItems(shape.of, cursor, request) : [];
    case 'scalar': {
      if (cursor.on === 'key') return [];
      const offered = await offeredBy(shape, cursor, request);
      const left = offered.filter(({ value }) => !cursor.siblings.includes(value));
      return left.map((each) => item(each, written(each.value, cursor, request), cursor, request));
    }
    case 'either':
      return (await Promise.all(shape.forms.map((form) => itemsOf(form, cursor, request)))).flat();
    default:
      return shape satisfies never;
  }
}

function keyItems(
  keys: ReadonlyMap<string, KeyShape>,
  cursor: YamlCursor,
  request: YamlCompletion,
): readonly CompletionItem[] {
  const fits = ([name, key]: readonly [string, KeyShape]): boolean =>
    key.alias === undefined && !cursor.siblings.includes(name) && !(request.isExcluded?.(name, cursor) ?? false);
  return [...keys]
    .filter(fits)
    .sort(([, left], [, right]) => Number(right.required) - Number(left.required))
    .map(([name, key]) => {
      const insert = cursor.hasColon ? name : `${name}:${opening(key.shape, cursor, request)}`;
      const offered: OfferedValue = {
        value: name,
        detail: key.required ? `${key.type}, required` : key.type,
        doc: key.default === undefined ? key.doc : `${key.doc}\n\nDefault: \`${key.default}\`.`,
        kind: CompletionItemKind.Property,
      };
      return item(offered, insert, cursor, request);
    });
}

async function nameItems(
  shape: Extract<YamlShape, { kind: 'named' }>,
  cursor: YamlCursor,
  request: YamlCompletion,
): Promise<readonly CompletionItem[]> {
  const known = await request.values(`name:${shape.what}`, cursor);
  const names = known
    .filter(({ value }) => !cursor.siblings.includes(value))
    .map((each) => item(each, `${each.value}:${opening(shape.of, cursor, request)}`, cursor, request));
  if (!request.snippets || cursor.hasColon || cursor.flow) return names;
  const skeleton: OfferedValue = { value: `new ${shape.what}`, doc: shape.doc, kind: CompletionItemKind.Snippet };
  return [...names, item(skeleton, `\${1:name}:${skeletonOf(shape.of, 2)}`, cursor, request)];
}

/** The required keys of a new entry, each with a place to fill in. */
function skeletonOf(shape: YamlShape, firstStop: number): string {
  if (shape.kind === 'list') return ` [$${firstStop}]`;
  if (shape.kind !== 'map') return ` $${firstStop}`;
  const required = [...shape.keys].filter(([, key]) => key.required);
  return required
    .map(
      ([name, key], at) => `\n  ${name}: ${key.shape.kind === 'list' ? `[$${firstStop + at}]` : `$${firstStop + at}`}`,
    )
    .join('');
}

/** Items of a list that is not begun yet. */
async function listItems(
  of: YamlShape,
  cursor: YamlCursor,
  request: YamlCompletion,
): Promise<readonly CompletionItem[]> {
  const scalars = of.kind === 'either' ? of.forms : [of];
  const offered = await Promise.all(
    scalars.map((shape) => (shape.kind === 'scalar' ? offeredBy(shape, cursor, request) : [])),
  );
  const inline = cursor.sameLine || cursor.flow;
  return offered.flat().map((each) => {
    const value = written(each.value, { ...cursor, flow: cursor.flow || inline }, request);
    return item(each, inline ? `[${value}]` : `- ${value}`, cursor, request);
  });
}

const offeredBy = (
  shape: ScalarShape,
  cursor: YamlCursor,
  request: YamlCompletion,
): readonly OfferedValue[] | Promise<readonly OfferedValue[]> =>
  shape.values?.map((each) => ({ ...each, kind: CompletionItemKind.EnumMember })) ??
  (shape.source === undefined ? [] : request.values(shape.source, cursor));

function item(
  { value, detail, doc, kind = CompletionItemKind.Value }: OfferedValue,
  insert: string,
  cursor: YamlCursor,
  { lines, snippets }: YamlCompletion,
): CompletionItem {
  const quote = cursor.quoted ? 1 : 0;
  const start = cursor.start + quote;
  const range = rangeOf(lines.range(start, Math.max(cursor.end - quote, start) - start));
  return {
    label: value,
    kind,
    ...(detail !== undefined && { detail }),
    ...(doc !== undefined && { documentation: { kind: 'markdown', value: doc } }),
    insertTextFormat: snippets ? InsertTextFormat.Snippet : InsertTextFormat.PlainText,
    textEdit: { range, newText: insert },
  };
}

/** What follows a new key: its value's opening, with the cursor where it goes on. */
function opening(shape: YamlShape, cursor: YamlCursor, { snippets }: YamlCompletion): string {
  const stop = snippets ? '$0' : '';
  switch (shape.kind) {
    case 'map':
    case 'named':
      return cursor.flow ? ` { ${stop} }` : `\n  ${stop}`;
    case 'list':
      return shape.of.kind === 'scalar' || cursor.flow ? ` [${stop}]` : `\n  - ${stop}`;
    case 'scalar':
      return ` ${stop}`;
    case 'either': {
      const [usual] = shape.forms;
      return usual === undefined ? ' ' : opening(usual, cursor, { snippets } as YamlCompletion);
    }
    default:
      return shape satisfies never;
  }
}

/** A value as YAML wants it here, and a snippet after it. */
function written(
  value: string,
  cursor: Pick<YamlCursor, 'quoted' | 'flow'>,
  { snippets }: Pick<YamlCompletion, 'snippets'>,
): string {
  const text = cursor.quoted || isPlain(value, cursor.flow) ? value : JSON.stringify(value);
  return snippets ? text.replace(/[\\$}]/g, '\\$&') : text;
}

const RESERVED_WORDS: ReadonlySet<string> = new Set(['', 'true', 'false', 'null', '~']);

const isPlain = (value: string, flow: boolean): boolean =>
  !RESERVED_WORDS.has(value) && (/^[A-Za-z_./][\w./@-]*$/.test(value) || (!flow && /^\$\{\w+\}$/.test(value)));
