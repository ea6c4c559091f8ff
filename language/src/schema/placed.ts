/** Declarations at their place in a file, and the report that turns their relative places into ranges. */
import {
  type Diagnostic,
  LineIndex,
  type RelatedLocation,
  type SourceRange,
  type Stage,
} from '../diagnostics/index.js';
import type { Span } from '../lexis/index.js';
import type { Declaration, EdgeDeclaration, InterfaceDeclaration, NodeDeclaration } from './declarations.js';

/** A declaration and where it begins in the file. */
export interface Placed<D extends Declaration = Declaration> {
  readonly declaration: D;
  readonly offset: number;
}

/** All declarations of a file, in file order. */
export interface PlacedSchema {
  readonly all: readonly Placed[];
  readonly interfaces: readonly Placed<InterfaceDeclaration>[];
  readonly nodes: readonly Placed<NodeDeclaration>[];
  readonly edges: readonly Placed<EdgeDeclaration>[];
}

export function placedSchema(all: readonly Placed[]): PlacedSchema {
  const interfaces: Placed<InterfaceDeclaration>[] = [];
  const nodes: Placed<NodeDeclaration>[] = [];
  const edges: Placed<EdgeDeclaration>[] = [];
  for (const { declaration, offset } of all) {
    switch (declaration.kind) {
      case 'interface':
        interfaces.push({ declaration, offset });
        break;
      case 'node':
        nodes.push({ declaration, offset });
        break;
      case 'edge':
        edges.push({ declaration, offset });
        break;
      default:
        declaration satisfies never;
    }
  }
  return { all, interfaces, nodes, edges };
}

export interface Finding {
  readonly code: string;
  readonly message: string;
  readonly remedy?: string;
  readonly related?: readonly RelatedLocation[];
}

/** Where a finding stands: a span and the start of the declaration it belongs to. */
export interface Place {
  readonly offset: number;
  readonly span: Span;
}

export interface SchemaReport {
  readonly diagnostics: readonly Diagnostic[];
  range(place: Place): SourceRange;
  related(place: Place, message: string): readonly RelatedLocation[];
  error(stage: Stage, place: Place, finding: Finding): void;
  lint(place: Place, finding: Finding): void;
}

/** Collects the diagnostics of one compilation, in the order in which they are reported. */
export function schemaReport(text: string, uri: string | undefined): SchemaReport {
  const lines = new LineIndex(text);
  const diagnostics: Diagnostic[] = [];
  const where = uri === undefined ? {} : { uri };
  const range = (place: Place): SourceRange => lines.range(place.offset + place.span.offset, place.span.length);
  return {
    diagnostics,
    range,
    related: (place, message) => [{ ...where, range: range(place), message }],
    error: (stage, place, finding) => {
      diagnostics.push({ ...finding, severity: 'error', stage, ...where, range: range(place) });
    },
    lint: (place, finding) => {
      diagnostics.push({ ...finding, severity: 'warning', stage: 'L', ...where, range: range(place) });
    },
  };
}
