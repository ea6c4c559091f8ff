/** The parser of the schema grammar: one piece of text in, a syntax tree and its errors out. */
import type { LangiumParser, ParseResult } from 'langium';
import { createParser } from '../lexis/index.js';
import type { SchemaFile } from './generated/ast.js';
import { OmnigraphSchemaGeneratedModule, OmnigraphSchemaGeneratedSharedModule } from './generated/module.js';
import { SyntaxMessages } from './syntax-messages.js';

let parser: LangiumParser | undefined;

/** Parses one piece. The parser is built at the first call. */
export function parseSyntax(text: string): ParseResult<SchemaFile> {
  parser ??= createParser({
    language: OmnigraphSchemaGeneratedModule,
    shared: OmnigraphSchemaGeneratedSharedModule,
    messages: new SyntaxMessages(),
    recovers: true,
  });
  return parser.parse<SchemaFile>(text);
}
