/** Says what was expected in the words of the language, not of the parser generator. */
import type { LangiumParserErrorMessageProvider } from 'langium';

const LABELS: ReadonlyMap<string, string> = new Map([
  ['VARIABLE', 'a variable (`$name`)'],
  ['ANNOTATION_NAME', '`@description` or `@instruction`'],
  ['TYPE_NAME', 'a type name'],
  ['WORD', 'a name'],
  ['FLOAT', 'a number'],
  ['INTEGER', 'a number'],
  ['STRING', 'a string'],
  ['UNDIRECTED_OPEN', '`<`'],
  ['LESS', '`<`'],
  ['EOF', 'the end of the query'],
]);

type Options<Method extends keyof LangiumParserErrorMessageProvider> = Parameters<
  LangiumParserErrorMessageProvider[Method]
>[0];
type Token = Options<'buildMismatchTokenMessage'>['actual'];

const MOST_NAMED = 8;
const KEYWORD = /^[a-z]/;

export class SyntaxMessages implements LangiumParserErrorMessageProvider {
  buildMismatchTokenMessage(options: Options<'buildMismatchTokenMessage'>): string {
    return `expected ${list([options.expected.name])}, found ${found(options.actual)}`;
  }

  buildNotAllInputParsedMessage(options: Options<'buildNotAllInputParsedMessage'>): string {
    return `expected the end of the query or a new \`query\`, found ${found(options.firstRedundant)}`;
  }

  buildNoViableAltMessage(options: Options<'buildNoViableAltMessage'>): string {
    const first = options.expectedPathsPerAlt.flat().flatMap((path) => path[0]?.name ?? []);
    return `${expectation(first)}found ${found(options.actual[0])}`;
  }

  buildEarlyExitMessage(options: Options<'buildEarlyExitMessage'>): string {
    const first = options.expectedIterationPaths.flatMap((path) => path[0]?.name ?? []);
    return `${expectation(first)}found ${found(options.actual[0])}`;
  }
}

const expectation = (names: readonly string[]): string =>
  names.length === 0 ? 'nothing fits here: ' : `expected ${list(names)}, `;

function list(names: readonly string[]): string {
  // Any word is a name, so where a name may stand the keywords say nothing more.
  const anyWord = names.includes('WORD');
  const shown = names.filter((name) => !(anyWord && KEYWORD.test(name)));
  const labels = [...new Set(shown.map((name) => LABELS.get(name) ?? `\`${name}\``))];
  const named = labels.length > MOST_NAMED ? [...labels.slice(0, MOST_NAMED), '…'] : labels;
  const last = named.pop() ?? '';
  return named.length === 0 ? last : `${named.join(', ')} or ${last}`;
}

const found = (token: Token | undefined): string =>
  token === undefined || Number.isNaN(token.startOffset) ? 'the end of the query' : `\`${token.image}\``;
