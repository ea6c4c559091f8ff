/** The only place that runs the generated parser: one piece of text in, a syntax tree and its errors out. */
import {
  createDefaultCoreModule,
  createDefaultSharedCoreModule,
  DefaultValueConverter,
  EmptyFileSystem,
  inject,
  type LangiumCoreServices,
  type LangiumParser,
  type ParseResult,
  type ValueType,
} from 'langium';
import type { SchemaFile } from './generated/ast.js';
import { OmnigraphSchemaGeneratedModule, OmnigraphSchemaGeneratedSharedModule } from './generated/module.js';
import { SyntaxMessages } from './syntax-messages.js';

/** Terminals keep their source text: escapes, integer widths and signs are judged by us, with ranges. */
class SourceTextConverter extends DefaultValueConverter {
  override convert(input: string): ValueType {
    return input;
  }
}

let parser: LangiumParser | undefined;

/** Parses one piece. The parser is built at the first call. */
export function parseSyntax(text: string): ParseResult<SchemaFile> {
  parser ??= createParser();
  return parser.parse<SchemaFile>(text);
}

function createParser(): LangiumParser {
  const shared = inject(createDefaultSharedCoreModule(EmptyFileSystem), OmnigraphSchemaGeneratedSharedModule);
  const services: LangiumCoreServices = inject(createDefaultCoreModule({ shared }), OmnigraphSchemaGeneratedModule, {
    parser: { ValueConverter: () => new SourceTextConverter(), ParserErrorMessageProvider: () => new SyntaxMessages() },
  });
  shared.ServiceRegistry.register(services);
  return services.parser.LangiumParser;
}
