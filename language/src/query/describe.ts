/** What a query looks like from outside: its entry in a catalogue of stored queries (query-language.md §10.1). */
import { type PropType, vectorDimension } from '../schema/catalog.js';
import type { CheckedQuery } from './ir.js';

export type ScalarKind = 'string' | 'bool' | 'int' | 'bigint' | 'float' | 'date' | 'datetime' | 'blob';
export type ParamKind = ScalarKind | 'vector' | 'list';

/** Keys in this order in JSON. */
export interface ParamDescriptor {
  readonly name: string;
  readonly kind: ParamKind;
  /** Of a list only. */
  readonly item_kind?: ScalarKind | 'vector';
  /** Of a vector only. */
  readonly vector_dim?: number;
  readonly nullable: boolean;
}

/** Keys in this order in JSON; `description` and `instruction` only when annotated. */
export interface QueryDescriptor {
  readonly name: string;
  readonly tool_name: string;
  readonly description?: string;
  readonly instruction?: string;
  readonly mutation: boolean;
  readonly params: readonly ParamDescriptor[];
}

/** What a descriptor is made of: a checked query, or a declaration that was only parsed. */
type DescribedQuery = Pick<CheckedQuery, 'name' | 'kind' | 'params' | 'description' | 'instruction'>;

/** Works on queries with errors too: it needs no plan. `tool_name` is the query's name. */
export function describeQuery(query: DescribedQuery): QueryDescriptor {
  const { name, description, instruction } = query;
  return {
    name,
    tool_name: name,
    ...(description === null ? {} : { description }),
    ...(instruction === null ? {} : { instruction }),
    mutation: query.kind === 'mutation',
    params: query.params.map((param) => describeType(param.name, param.type, param.type.nullable)),
  };
}

/** A named value of a property type, in the words of the catalogue. */
export function describeType(name: string, type: PropType, nullable: boolean): ParamDescriptor {
  const dimension = vectorDimension(type);
  const kind = elementKind(type);
  if (type.list) return { name, kind: 'list', item_kind: kind, nullable };
  return { name, kind, ...(dimension === undefined ? {} : { vector_dim: dimension }), nullable };
}

const KINDS: Readonly<Record<Exclude<PropType['scalar'], object>, ScalarKind>> = {
  String: 'string',
  Bool: 'bool',
  I32: 'int',
  U32: 'int',
  I64: 'bigint',
  U64: 'bigint',
  F32: 'float',
  F64: 'float',
  Date: 'date',
  DateTime: 'datetime',
  Blob: 'blob',
};

const elementKind = ({ scalar }: PropType): ScalarKind | 'vector' =>
  typeof scalar === 'object' ? 'vector' : KINDS[scalar];
