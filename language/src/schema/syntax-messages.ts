/** Syntax errors in the user's words: what was expected and what stands there, without the grammar's rule names. */
import { LangiumParserErrorMessageProvider } from 'langium';

interface TokenLike {
  readonly image: string;
}

interface TokenTypeLike {
  readonly name: string;
  readonly LABEL?: string | undefined;
}

const WORDS: ReadonlyMap<string, string> = new Map([
  ['TYPE_WORD', 'a type name starting with an upper-case letter'],
  ['WORD', 'a name starting with a lower-case letter'],
  ['STRING', 'a string'],
  ['INTEGER', 'an integer'],
  ['SIGNED_INTEGER', 'a number'],
  ['FLOAT', 'a number'],
  ['SIGNED_FLOAT', 'a number'],
  ['ENUM_WORD', 'an enum value'],
  ['CARDINALITY', '`@card(min..max)`'],
  ['CONSTRAINT_HEAD', 'a constraint'],
  ['EOF', 'the end of the declaration'],
]);

/** Words that stand in a list of alternatives only because every keyword is also a name. */
const KEYWORDS = new Set(['node', 'edge', 'interface', 'implements', 'true', 'false']);

export class SyntaxMessages extends LangiumParserErrorMessageProvider {
  override buildMismatchTokenMessage(options: { expected: TokenTypeLike; actual: TokenLike }): string {
    return expected([options.expected.name], options.actual);
  }

  override buildNotAllInputParsedMessage(options: { firstRedundant: TokenLike }): string {
    return `${found(options.firstRedundant)} is not expected here`;
  }

  override buildNoViableAltMessage(options: { expectedPathsPerAlt: TokenTypeLike[][][]; actual: TokenLike[] }): string {
    const names = options.expectedPathsPerAlt.flatMap((paths) => paths.flatMap((path) => path[0]?.name ?? []));
    return expected(names, options.actual[0]);
  }

  override buildEarlyExitMessage(options: { expectedIterationPaths: TokenTypeLike[][]; actual: TokenLike[] }): string {
    return expected(
      options.expectedIterationPaths.flatMap((path) => path[0]?.name ?? []),
      options.actual[0],
    );
  }
}

function expected(names: readonly string[], actual: TokenLike | undefined): string {
  const aName = names.includes('WORD');
  const shown = names.filter((name) => !(aName && (KEYWORDS.has(name) || name === 'enum')));
  const words = [...new Set(shown.map((name) => WORDS.get(name) ?? `\`${name}\``))];
  const last = words.pop() ?? 'something else';
  const list = words.length === 0 ? last : `${words.join(', ')} or ${last}`;
  return `expected ${list}, found ${found(actual)}`;
}

const found = (token: TokenLike | undefined): string =>
  token === undefined || token.image === '' ? 'the end of the declaration' : `\`${token.image}\``;
