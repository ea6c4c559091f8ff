/** Values, operators and alias names as choices: whatever fits the property it stands against. */
import { CompletionItemKind } from 'vscode-languageserver';
import { isCompatible, isDateTimeScalar, isStringScalar } from '../../query/index.js';
import { displayType, type PropType } from '../../schema/index.js';
import type { Choice } from '../choice.js';
import { rangeOfSpan } from '../positions.js';
import { typeOfOperand, variableChoices } from './choices-names.js';
import { functionChoice, keyword } from './choices-words.js';
import { walkedDeclaration } from './cursor.js';
import type { Operand, Place } from './place.js';
import { typeNamed } from './scope.js';
import type { Site } from './site.js';
import { parameterType, valueType } from './types.js';
import { parameterPlace } from './undeclared.js';
import { OPERATORS } from './vocabulary.js';

type ValuePlace = Extract<Place, { at: 'value' }>;
type OperandPlace = Extract<Place, { at: 'operand' }>;

/** Of a match, an assignment or a predicate. */
export function valueChoices(site: Site, place: ValuePlace): readonly Choice[] {
  const type = propertyTypeOf(site, place);
  if (type === undefined) return paramChoices(site, undefined);
  const wanted = valueType(type, place.use);
  return [
    ...paramChoices(site, parameterType(type, place.use)),
    ...literalChoices(wanted),
    ...declareChoices(site, place.property, parameterType(type, place.use)),
  ];
}

/** The right side of a filter. */
export function operandChoices(site: Site, { left, operator }: OperandPlace): readonly Choice[] {
  const type = operandType(site, left, operator);
  const variables = variableChoices(site, { params: 'none' });
  if (type === undefined) return [...paramChoices(site, undefined), ...variables];
  const property = left.kind === 'property' ? left.property : undefined;
  return [
    ...literalChoices(type),
    ...paramChoices(site, parameterType(type, 'operand')),
    ...variables,
    ...(property === undefined ? [] : declareChoices(site, property, parameterType(type, 'operand'))),
  ];
}

/** Inside quotes only the values of an enum are known. */
export function stringValues(site: Site, place: Place): readonly Choice[] {
  const type =
    place.at === 'value'
      ? propertyTypeOf(site, place)
      : place.at === 'operand'
        ? operandType(site, place.left, place.operator)
        : undefined;
  return (type?.enum_values ?? []).map((label) => ({ label, kind: CompletionItemKind.EnumMember }));
}

function propertyTypeOf(
  { document }: Site,
  { type, property }: Pick<ValuePlace, 'type' | 'property'>,
): PropType | undefined {
  const owner = typeNamed(type, document.catalog);
  if (owner?.kind === 'edge' && (property === 'from' || property === 'to')) return STRING;
  return owner?.properties.get(property)?.type;
}

const STRING: PropType = { scalar: 'String', nullable: false, list: false, enum_values: null };

function operandType(site: Site, left: Operand, operator: string): PropType | undefined {
  const type = typeOfOperand(site, left);
  if (type === undefined) return undefined;
  return operator === 'contains' ? valueType(type, 'operand') : type;
}

/** Fitting parameters; all of them when nothing is known. */
function paramChoices({ scope }: Site, wanted: PropType | undefined): readonly Choice[] {
  const fitting = scope.params.filter(({ type }) => wanted === undefined || fitsValue(type, wanted));
  const others = scope.params.filter((param) => !fitting.includes(param));
  return [...fitting, ...others].map(({ name, type }) => ({
    label: `$${name}`,
    kind: CompletionItemKind.Variable,
    detail: `parameter ${displayType(type)}`,
  }));
}

const fitsValue = (given: PropType, wanted: PropType): boolean =>
  isCompatible(given, wanted) || (wanted.scalar === 'Blob' && isStringScalar(given));

function literalChoices(type: PropType): readonly Choice[] {
  if (type.enum_values !== null) {
    return type.enum_values.map((value) => ({
      label: `"${value}"`,
      kind: CompletionItemKind.EnumMember,
      detail: 'value of the enum',
    }));
  }
  if (type.list)
    return [{ label: '[ ]', kind: CompletionItemKind.Value, snippet: '[$0]', text: '[', detail: displayType(type) }];
  if (isDateTimeScalar(type)) return [functionChoice('now'), functionChoice('datetime')];
  if (type.scalar === 'Date') return [functionChoice('date')];
  if (type.scalar === 'Bool') return [keyword('true'), keyword('false')];
  if (isStringScalar(type)) return [{ label: '""', kind: CompletionItemKind.Value, snippet: `"$1"`, detail: 'a text' }];
  return [];
}

/** A parameter that does not exist yet, declared on the way. */
function declareChoices(site: Site, name: string, type: PropType): readonly Choice[] {
  const { document, scope, cursor } = site;
  if (scope.taken.has(name) || cursor.declaration === undefined) return [];
  const { tokens, walk } = walkedDeclaration(document, cursor.declaration);
  const place = parameterPlace(tokens, walk);
  if (place === undefined) return [];
  const declared = `$${name}: ${displayType(type)}`;
  const range = rangeOfSpan({ offset: place.offset, length: 0 }, document.lines, cursor.declaration.offset);
  return [
    {
      label: `$${name}`,
      kind: CompletionItemKind.Variable,
      detail: `new parameter ${displayType(type)}`,
      documentation: `Declares \`${declared}\` in the parameter list too.`,
      edits: [{ range, newText: `${place.before}${declared}` }],
    },
  ];
}

// Operators

const operator = (label: string): Choice => ({
  label,
  kind: CompletionItemKind.Operator,
  documentation: OPERATORS.get(label) ?? '',
  text: `${label} `,
  retrigger: true,
});

const ORDERED = ['=', '!=', '<', '<=', '>', '>='] as const;

export const comparisonChoices = (): readonly Choice[] => ORDERED.map(operator);

/** What the checker takes behind a value of this type (query-language.md §3.5). */
export function operatorChoices(site: Site, left: Operand): readonly Choice[] {
  const type = typeOfOperand(site, left);
  if (type === undefined) return [...ORDERED, 'contains', 'starts_with'].map(operator);
  if (type.list) return [operator('contains')];
  if (typeof type.scalar === 'object') return [];
  if (type.scalar === 'Bool' || type.enum_values !== null) return [...ORDERED].map(operator);
  if (isStringScalar(type)) return ['=', '!=', 'contains', 'starts_with', '<', '<=', '>', '>='].map(operator);
  return ORDERED.map(operator);
}

// Aliases

/** Names after what is returned: `count($task)` → `task_count`, `$t.name` → `t_name`, `name`. */
export function aliasNames(site: Site, of: Operand): readonly Choice[] {
  const names = new Set(namesFor(of));
  for (const alias of site.scope.aliases) names.delete(alias);
  return [...names].map((label) => ({ label, kind: CompletionItemKind.Value, detail: 'name of the column' }));
}

function namesFor(of: Operand): readonly string[] {
  switch (of.kind) {
    case 'property':
      return [of.property, `${of.variable}_${of.property}`];
    case 'variable':
      return [of.name, `${of.name}_id`];
    case 'call': {
      const subject = of.of?.kind === 'property' ? of.of.property : of.of?.kind === 'variable' ? of.of.name : undefined;
      return [...(subject === undefined ? [] : [`${subject}_${of.name}`, `${of.name}_${subject}`]), of.name];
    }
    case 'literal':
      return ['value'];
    case 'word':
      return [];
    default:
      return of satisfies never;
  }
}
