/** What fits at each place of a query, best first (query-language.md §2, §3). */
import { CompletionItemKind } from 'vscode-languageserver';
import type { Choice } from '../choice.js';
import {
  accessChoices,
  bindingChoices,
  edgeChoices,
  itemVariables,
  propertyChoices,
  targetChoices,
  typeChoices,
  variableChoices,
} from './choices-names.js';
import {
  aliasNames,
  comparisonChoices,
  operandChoices,
  operatorChoices,
  stringValues,
  valueChoices,
} from './choices-values.js';
import { annotationChoices, bodyWords, functionChoice, keyword, TEMPLATES, word } from './choices-words.js';
import type { Place } from './place.js';
import type { Site } from './site.js';
import { undeclaredParameters } from './undeclared.js';
import { AGGREGATES, PARAMETER_TYPES, RANKS, SEARCHES } from './vocabulary.js';

export function choicesAt(site: Site): readonly Choice[] {
  const { inside, walk } = site.cursor;
  if (inside === 'comment') return [];
  return inside === 'string' ? stringValues(site, walk.place) : codeChoices(site, walk.place);
}

function codeChoices(site: Site, place: Place): readonly Choice[] {
  switch (place.at) {
    case 'top':
      return TEMPLATES;
    case 'parameter':
      return parameterChoices(site);
    case 'parameter-type':
      return parameterTypes(place.list);
    case 'header':
      return annotationChoices(place.annotations);
    case 'body':
      return bodyWords(place.sections);
    case 'clause':
      return clauseChoices(site, place.opens);
    case 'after-variable':
      return afterVariable(site, place.variable);
    case 'type':
      return typeChoices(site, place.use);
    case 'edge':
      return edgeChoices(site, place.from, place.undirected);
    case 'target':
      return targetChoices(site, place);
    case 'property':
      return place.comma ? [] : propertyChoices(site, place);
    case 'value':
      return valueChoices(site, place);
    case 'predicate-operator':
      return comparisonChoices();
    case 'access':
      return accessChoices(site, place);
    case 'operator':
      return operatorChoices(site, place.left);
    case 'operand':
      return operandChoices(site, place);
    case 'item':
      return itemChoices(site, place.section, place.first);
    case 'after-item':
      return afterItem(site, place);
    case 'argument':
      return argumentChoices(site, place);
    case 'alias':
      return aliasNames(site, place.of);
    case 'limit':
      return ['10', '20', '50', '100'].map((label) => ({ label, kind: CompletionItemKind.Value }));
    case 'keyword':
      return [keyword(place.word, { retrigger: true })];
    case 'query-name':
    case 'annotation-text':
    case 'hops':
    case 'punctuation':
      return [];
    default:
      return place satisfies never;
  }
}

/** What the body uses already and nobody declares. */
function parameterChoices({ document, cursor: { declaration } }: Site): readonly Choice[] {
  if (declaration === undefined) return [];
  return undeclaredParameters(document, declaration).map(({ name, type }) => ({
    label: `$${name}`,
    kind: CompletionItemKind.Variable,
    detail: `${type}, used below`,
    text: `$${name}: ${type}`,
  }));
}

function parameterTypes(list: boolean): readonly Choice[] {
  const kind = CompletionItemKind.TypeParameter;
  const scalars = [...PARAMETER_TYPES].map(([label, documentation]): Choice => ({ label, kind, documentation }));
  if (list) return scalars;
  const vector = {
    label: 'Vector',
    kind,
    snippet: `Vector(\${1:768})`,
    text: 'Vector(768)',
    detail: 'numbers, as many',
  };
  return [...scalars, vector, { label: '[ ]', kind, snippet: `[\${1:String}]`, text: '[String]', detail: 'a list' }];
}

function clauseChoices(site: Site, opens: string | undefined): readonly Choice[] {
  const braces: readonly Choice[] =
    opens === undefined || !site.document.catalog.nodes.has(opens)
      ? []
      : [
          {
            label: '{ }',
            kind: CompletionItemKind.Operator,
            detail: `properties of ${opens}`,
            snippet: '{ $0 }',
            text: '{',
            retrigger: true,
          },
        ];
  return [
    ...braces,
    ...variableChoices(site, { params: 'last' }),
    keyword('not'),
    ...SEARCHES.map(functionChoice),
    ...bindingChoices(site),
  ];
}

/** Of a variable that is bound, its edges; of a new one the types it may have and every edge; of a parameter, operators. */
function afterVariable(site: Site, variable: string): readonly Choice[] {
  const { scope, document } = site;
  const bound = scope.variables.has(variable) || variable === '_';
  if (!bound && scope.params.some(({ name }) => name === variable)) {
    return operatorChoices(site, { kind: 'variable', name: variable });
  }
  const edges = edgeChoices(site, variable, false);
  if (bound) return edges;
  const types = [...document.catalog.nodes.keys()].map(
    (name): Choice => ({ label: `: ${name}`, kind: CompletionItemKind.Class, detail: 'bind it to this type' }),
  );
  return [...types, ...edges];
}

function itemChoices(site: Site, section: 'return' | 'order', first: boolean): readonly Choice[] {
  const aliases = site.scope.aliases.map(
    (label): Choice => ({ label, kind: CompletionItemKind.Value, detail: 'column' }),
  );
  if (section === 'order') {
    return [...aliases, ...variableChoices(site, { params: 'none' }), ...(first ? RANKS.map(functionChoice) : [])];
  }
  const calls = [...AGGREGATES, 'now'].map(functionChoice);
  return [...itemVariables(site), ...calls, ...aliases];
}

function afterItem(site: Site, { section, done }: Extract<Place, { at: 'after-item' }>): readonly Choice[] {
  if (section === 'order') return done ? [] : [keyword('desc'), keyword('asc')];
  const as = done ? [] : [keyword('as', { retrigger: true })];
  return [...as, ...itemChoices(site, section, false)];
}

function argumentChoices(site: Site, place: Extract<Place, { at: 'argument' }>): readonly Choice[] {
  switch (place.of) {
    case 'rrf':
      return place.index < 2
        ? [functionChoice('nearest'), functionChoice('bm25')]
        : [{ label: '60', kind: CompletionItemKind.Value, detail: 'the default' }];
    case 'date':
    case 'datetime':
    case 'now':
      return [];
    case 'nearest':
    case 'bm25':
    case 'search':
    case 'match_text':
    case 'fuzzy':
      if (place.index === 0) return variableChoices(site, { params: 'last' });
      return place.index === 1
        ? [...variableChoices(site, { params: 'first' }), word('""', { summary: 'The text.', snippet: `"$1"` })]
        : [{ label: '2', kind: CompletionItemKind.Value, detail: 'the default' }];
    default:
      return variableChoices(site, { params: 'none' });
  }
}
