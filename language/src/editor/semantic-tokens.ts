/** The one legend of semantic tokens: features name types and modifiers, the server encodes them (full, range, delta). */

export const TOKEN_TYPES = [
  'namespace',
  'type',
  'class',
  'interface',
  'enum',
  'enumMember',
  'struct',
  'typeParameter',
  'parameter',
  'variable',
  'property',
  'function',
  'method',
  'keyword',
  'modifier',
  'comment',
  'string',
  'number',
  'operator',
  'decorator',
  'event',
  'macro',
] as const;

export const TOKEN_MODIFIERS = [
  'declaration',
  'definition',
  'readonly',
  'deprecated',
  'modification',
  'documentation',
  'defaultLibrary',
] as const;

export type TokenType = (typeof TOKEN_TYPES)[number];
export type TokenModifier = (typeof TOKEN_MODIFIERS)[number];

/** A coloured piece of a document, in UTF-16 offsets. Tokens may come in any order and over several lines. */
export interface SemanticToken {
  readonly offset: number;
  readonly length: number;
  readonly type: TokenType;
  readonly modifiers?: readonly TokenModifier[];
}
