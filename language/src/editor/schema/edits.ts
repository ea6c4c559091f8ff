/** Changes to a schema text in the terms of its declarations: remove a member, add one, put a word behind a type. */
import type { Span } from '../../lexis/index.js';
import type { CompiledSchemaDeclaration, PropertyDeclaration, SchemaDeclaration } from '../../schema/index.js';
import type { SchemaDocument } from '../documents.js';
import { rolesOf } from './words.js';

/** Replaces a piece of the document; an insertion when `length` is 0. */
export interface Change {
  readonly offset: number;
  readonly length: number;
  readonly text: string;
}

/** A declaration whose syntax is known, in its document. */
export interface Site {
  readonly document: SchemaDocument;
  readonly declaration: CompiledSchemaDeclaration;
  readonly syntax: SchemaDeclaration;
}

export function siteAt(document: SchemaDocument, offset: number): Site | undefined {
  for (const declaration of document.compiled.declarations) {
    const { syntax } = declaration;
    if (syntax === null || offset < declaration.offset || offset > declaration.offset + declaration.length) continue;
    return { document, declaration, syntax };
  }
  return undefined;
}

/** A span of a declaration as one of the document. */
export const absolute = ({ declaration }: Site, { offset, length }: Span): Span => ({
  offset: declaration.offset + offset,
  length,
});

export const replace = (span: Span, text: string): Change => ({ ...span, text });

export const insertBehind = ({ offset, length }: Span, text: string): Change => ({
  offset: offset + length,
  length: 0,
  text,
});

/** Removes a span with the blanks before it; with its line when it stands alone there. */
export function remove({ text }: SchemaDocument, { offset, length }: Span): Change {
  let start = offset;
  while (start > 0 && (text[start - 1] === ' ' || text[start - 1] === '\t')) start -= 1;
  const end = offset + length;
  const alone = (start === 0 || text[start - 1] === '\n') && /^[ \t\r]*(?:\n|$)/.test(text.slice(end));
  if (!alone) return { offset: start, length: end - start, text: '' };
  const lineEnd = text.indexOf('\n', end);
  return { offset: start, length: (lineEnd === -1 ? text.length : lineEnd + 1) - start, text: '' };
}

/** Adds a member behind the last property, or as the first one of an empty body; `undefined` without braces. */
export function addMember(site: Site, member: string): Change | undefined {
  const { document, declaration, syntax } = site;
  const last = syntax.properties.at(-1);
  const line = `\n    ${member}`;
  if (last !== undefined) return insertBehind(absolute(site, last.span), line);
  const tokens = rolesOf(document, declaration).map(({ token }) => token);
  const open = tokens.find(({ text }) => text === '{');
  if (open === undefined) {
    const end = insertBehind(declaration, ` {${line}\n}`);
    return syntax.kind === 'edge' ? end : undefined;
  }
  const next = tokens[tokens.indexOf(open) + 1];
  const empty = next?.text === '}';
  if (!empty) return insertBehind(absolute(site, { offset: open.offset, length: 1 }), line);
  const start = declaration.offset + open.offset + 1;
  return { offset: start, length: declaration.offset + next.offset - start, text: `${line}\n` };
}

/** Takes a `?` away or puts one behind a type. */
export function setNullable(site: Site, property: PropertyDeclaration, nullable: boolean): Change | undefined {
  const span = absolute(site, property.type.span);
  if (property.type.type.nullable === nullable) return undefined;
  if (nullable) return insertBehind(span, '?');
  const at = site.document.text.lastIndexOf('?', span.offset + span.length - 1);
  return at < span.offset ? undefined : { offset: at, length: 1, text: '' };
}

/** Behind the type of a property, before every annotation. */
export const annotate = (site: Site, property: PropertyDeclaration, annotation: string): Change =>
  insertBehind(absolute(site, property.type.span), ` ${annotation}`);

export const propertyNamed = ({ syntax }: Site, name: string): PropertyDeclaration | undefined =>
  syntax.properties.find((property) => property.name.text === name);

export const textAt = ({ text }: SchemaDocument, { offset, length }: Span): string =>
  text.slice(offset, offset + length);
