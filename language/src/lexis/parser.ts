/**
 * The only file that starts Langium, and only its parser. Terminals keep their source text: literals are decoded by
 * the languages, where a problem in them has a place.
 */
import {
  createDefaultCoreModule,
  createDefaultSharedCoreModule,
  DefaultTokenBuilder,
  EmptyFileSystem,
  type GrammarAST,
  inject,
  type LangiumCoreServices,
  type LangiumGeneratedCoreServices,
  type LangiumGeneratedSharedCoreServices,
  type LangiumParser,
  type LangiumParserErrorMessageProvider,
  type LangiumSharedCoreServices,
  type Module,
  RegExpUtils,
} from 'langium';

interface ParserOptions {
  readonly language: Module<LangiumCoreServices, LangiumGeneratedCoreServices>;
  readonly shared: Module<LangiumSharedCoreServices, LangiumGeneratedSharedCoreServices>;
  readonly messages: LangiumParserErrorMessageProvider;
  /** Whether to go on behind a syntax error. */
  readonly recovers: boolean;
}

/** Takes some 50 ms: callers keep it. */
export function createParser({ language, shared: generated, messages, recovers }: ParserOptions): LangiumParser {
  const shared: LangiumSharedCoreServices = inject(createDefaultSharedCoreModule(EmptyFileSystem), generated);
  const services: LangiumCoreServices = inject(createDefaultCoreModule({ shared }), language, {
    parser: {
      ParserConfig: () => ({ recoveryEnabled: recovers }),
      TokenBuilder: () => new TokenBuilder(),
      ValueConverter: () => ({ convert: (input: string) => input }),
      ParserErrorMessageProvider: () => messages,
    },
  });
  shared.ServiceRegistry.register(services);
  return services.parser.LangiumParser;
}

type TokenType = Extract<ReturnType<DefaultTokenBuilder['buildTokens']>, readonly unknown[]>[number];

/** Derives the partial pattern of a terminal once, not once per keyword: a tenth of the time a parser takes to build. */
class TokenBuilder extends DefaultTokenBuilder {
  readonly #partial = new Map<TokenType, RegExp | undefined>();

  protected override findLongerAlt({ value }: GrammarAST.Keyword, terminals: TokenType[]): TokenType[] {
    return terminals.filter((terminal) => {
      const match = this.#partialPattern(terminal)?.exec(value);
      return match !== undefined && match !== null && match[0] !== '';
    });
  }

  #partialPattern(terminal: TokenType): RegExp | undefined {
    if (!this.#partial.has(terminal)) {
      const source = terminal.PATTERN instanceof RegExp ? terminal.PATTERN.source : undefined;
      this.#partial.set(terminal, source === undefined ? undefined : RegExpUtils.partialRegExp(`^${source}$`));
    }
    return this.#partial.get(terminal);
  }
}
