/**
 * What a YAML document of ours may hold, as one tree per kind of document: completion and hover read the same table,
 * so neither can know a key that the other does not.
 */
import type { ConfigPath } from '../../cluster/index.js';

export type YamlShape =
  | { readonly kind: 'map'; readonly keys: ReadonlyMap<string, KeyShape> }
  /** A mapping whose keys the author chooses. `what` names such a key: "graph id". */
  | { readonly kind: 'named'; readonly what: string; readonly doc: string; readonly of: YamlShape }
  | { readonly kind: 'list'; readonly of: YamlShape }
  | ScalarShape
  /** Several forms; the first is the usual one. */
  | { readonly kind: 'either'; readonly forms: readonly YamlShape[] };

export interface ScalarShape {
  readonly kind: 'scalar';
  readonly type: 'string' | 'integer' | 'boolean' | 'path';
  /** The values there are, when they are always the same ones. */
  readonly values?: readonly ScalarValue[];
  /** Where values come from otherwise: the document kind knows the source by this name. */
  readonly source?: string;
}

export interface ScalarValue {
  readonly value: string;
  readonly doc: string;
}

export interface KeyShape {
  readonly doc: string;
  readonly type: string;
  readonly required: boolean;
  readonly default?: string;
  /** Understood, but not offered: another spelling of another key. */
  readonly alias?: string;
  readonly shape: YamlShape;
}

/** A key that may be left out, unless `more` says otherwise. */
export const key = (doc: string, type: string, shape: YamlShape, more: Partial<KeyShape> = {}): KeyShape => ({
  doc,
  type,
  required: false,
  shape,
  ...more,
});

/** The shapes that a value at a path may have; empty where nothing is known. Items of lists are numbers in a path. */
export function shapesAt(root: YamlShape, path: ConfigPath): readonly YamlShape[] {
  let current: readonly YamlShape[] = formsOf(root);
  for (const step of path) current = current.flatMap((shape) => inside(shape, step)).flatMap(formsOf);
  return current;
}

/** The key that the last step of a path names, when it is a fixed one. */
export function keyAt(root: YamlShape, path: ConfigPath): KeyShape | undefined {
  const name = path.at(-1);
  if (typeof name !== 'string') return undefined;
  for (const shape of shapesAt(root, path.slice(0, -1))) {
    const key = shape.kind === 'map' ? shape.keys.get(name) : undefined;
    if (key !== undefined) return key;
  }
  return undefined;
}

/** The mapping of chosen names that the last step of a path is a key of. */
export function namedAt(root: YamlShape, path: ConfigPath): Extract<YamlShape, { kind: 'named' }> | undefined {
  if (typeof path.at(-1) !== 'string') return undefined;
  for (const shape of shapesAt(root, path.slice(0, -1))) if (shape.kind === 'named') return shape;
  return undefined;
}

function inside(shape: YamlShape, step: string | number): readonly YamlShape[] {
  switch (shape.kind) {
    case 'map': {
      const key = typeof step === 'string' ? shape.keys.get(step) : undefined;
      return key === undefined ? [] : [key.shape];
    }
    case 'named':
      return typeof step === 'string' ? [shape.of] : [];
    case 'list':
      return typeof step === 'number' ? [shape.of] : [];
    case 'scalar':
      return [];
    case 'either':
      return formsOf(shape).flatMap((form) => inside(form, step));
    default:
      return shape satisfies never;
  }
}

const formsOf = (shape: YamlShape): readonly YamlShape[] =>
  shape.kind === 'either' ? shape.forms.flatMap(formsOf) : [shape];
