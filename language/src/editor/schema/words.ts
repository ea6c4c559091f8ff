/** The word at a point of a `.pg` text and what it is: one walk over the tokens of its declaration. */
import { scanTokens, type Token } from '../../lexis/index.js';
import type { CompiledSchemaDeclaration } from '../../schema/index.js';
import { declarationAt } from '../declarations.js';
import type { SchemaDocument } from '../documents.js';
import { isTrivia, meaningfulTokens, type RoledToken, walkTokens } from './place.js';

export interface WordAt extends RoledToken {
  readonly declaration: CompiledSchemaDeclaration;
  /** In the document. */
  readonly span: { readonly offset: number; readonly length: number };
  readonly before: RoledToken | undefined;
}

export function wordAt(document: SchemaDocument, offset: number): WordAt | undefined {
  const declaration = declarationAt(document, offset);
  if (declaration === undefined) return undefined;
  const roles = rolesOf(document, declaration);
  const inner = offset - declaration.offset;
  const touching = roles.filter(({ token }) => token.offset <= inner && inner <= token.offset + token.text.length);
  // Between two tokens a word counts, not the punctuation beside it.
  const found = touching.find(({ role }) => role !== 'punctuation') ?? touching[0];
  if (found === undefined) return undefined;
  const span = { offset: declaration.offset + found.token.offset, length: found.token.text.length };
  return { ...found, declaration, span, before: roles[roles.indexOf(found) - 1] };
}

/** The tokens of one declaration with what each is; offsets are relative to the declaration. */
export function rolesOf(document: SchemaDocument, declaration: CompiledSchemaDeclaration): readonly RoledToken[] {
  const key = declaration.syntax;
  const known = key === null ? undefined : remembered.get(key);
  if (known !== undefined) return known;
  const { offset, length } = declaration;
  const { roles } = walkTokens(meaningfulTokens(document.text.slice(offset, offset + length)));
  if (key !== null) remembered.set(key, roles);
  return roles;
}

/** Declarations keep their identity while their text stays. */
const remembered = new WeakMap<object, readonly RoledToken[]>();

/** The comment right above a point, without its marks: lines alone on theirs, with no empty line in between. */
export function commentAbove(document: SchemaDocument, offset: number): string | undefined {
  const before = document.compiled.declarations.filter((declaration) => declaration.offset < offset).at(-1);
  const inside = before !== undefined && offset < before.offset + before.length;
  const start = before === undefined ? 0 : inside ? before.offset : before.offset + before.length;
  const lines: string[] = [];
  let breaks = start === 0 ? 1 : 0;
  for (const token of scanTokens(document.text.slice(start, offset))) {
    if (token.kind === 'space') {
      const here = token.text.split('\n').length - 1;
      if (here > 1) lines.length = 0;
      breaks = here;
    } else if (isTrivia(token.kind) && breaks > 0) {
      lines.push(unmarked(token));
    } else {
      lines.length = 0;
      breaks = 0;
    }
  }
  const text = lines.join('\n').trim();
  return breaks === 1 && /[\p{L}\p{N}]/u.test(text) ? text : undefined;
}

function unmarked({ kind, text }: Token): string {
  if (kind === 'line-comment') return text.slice(2).trim();
  const inner = text.slice(2, text.endsWith('*/') ? -2 : undefined);
  return inner
    .split('\n')
    .map((line) => line.trim().replace(/^\* ?/, ''))
    .join('\n')
    .trim();
}
