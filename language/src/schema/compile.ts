/**
 * Text → catalog and diagnostics: the pipeline S1–S5 of schema-language.md §1, all errors collected, in the order in
 * which a compiler that stops at the first would meet them. Work per edit is one declaration's parse plus the
 * whole-schema checks over plain data.
 */
import type { Diagnostic } from '../diagnostics/index.js';
import { buildCatalog } from './build-catalog.js';
import type { Catalog } from './catalog.js';
import { checkInterfaceAnnotations, checkPropertyAnnotations, checkTypeAnnotations } from './check-annotations.js';
import { checkConstraints } from './check-constraints.js';
import { checkIdentity, checkShape, checkSourceCatalog } from './check-schema.js';
import type { Declaration, EdgeDeclaration, LocalProblem, ParsedPiece } from './declarations.js';
import { type EffectiveNode, type EffectiveType, expandNodes, firstByName, ownProperties } from './effective.js';
import { lintSchema } from './lint.js';
import { parsePiece } from './parse-piece.js';
import { type Placed, type PlacedSchema, placedSchema, type SchemaReport, schemaReport } from './placed.js';
import { type Piece, splitDeclarations } from './split.js';

export interface CompiledSchema {
  /**
   * Unbound. As complete as the text allows, also beside errors; absent only when nothing at all was recognised in a
   * text that has errors.
   */
  readonly catalog?: Catalog;
  readonly diagnostics: readonly Diagnostic[];
  /** Every piece of the text between white space and comments, in file order, as far as it could be read. */
  readonly declarations: readonly CompiledDeclaration[];
}

/** One piece of the text for an editor: plain syntax in places relative to `offset`. */
export interface CompiledDeclaration {
  readonly offset: number;
  readonly length: number;
  /** Partial when the piece has syntax errors; `null` when not even its kind and name could be read. */
  readonly syntax: Declaration | null;
}

export interface CompileOptions {
  /** Stands in every diagnostic. */
  readonly uri?: string;
}

export interface SchemaCompiler {
  compile(text: string, options?: CompileOptions): CompiledSchema;
  /** Declarations parsed and declarations taken from the previous compilation, since the compiler was made. */
  readonly stats: { readonly parsed: number; readonly reused: number };
}

/** Compiles one schema text. Never throws. */
export function compileSchema(text: string, options: CompileOptions = {}): CompiledSchema {
  return createSchemaCompiler().compile(text, options);
}

/** A compiler that remembers the declarations of its last text: same results, only changed declarations are parsed. */
export function createSchemaCompiler(): SchemaCompiler {
  let remembered = new Map<string, ParsedPiece>();
  const stats = { parsed: 0, reused: 0 };
  return {
    stats,
    compile: (text, options = {}) => {
      const current = new Map<string, ParsedPiece>();
      const pieces = splitDeclarations(text).map((piece) => {
        const key = `${piece.kind}:${piece.text}`;
        const known = remembered.get(key) ?? current.get(key);
        if (known === undefined) stats.parsed += 1;
        else stats.reused += 1;
        const parsed = known ?? parsePiece(piece);
        current.set(key, parsed);
        return { piece, parsed };
      });
      remembered = current;
      return compilePieces(text, pieces, options);
    },
  };
}

interface ReadPiece {
  readonly piece: Piece;
  readonly parsed: ParsedPiece;
}

function compilePieces(text: string, pieces: readonly ReadPiece[], options: CompileOptions): CompiledSchema {
  const report = schemaReport(text, options.uri);
  reportLocal(pieces, 'syntax', report);
  reportLocal(pieces, 'declaration', report);
  const schema = placedSchema(
    pieces.flatMap(({ piece, parsed: { declaration } }) =>
      declaration === null ? [] : [{ declaration, offset: piece.offset }],
    ),
  );
  const nodes = expandNodes(schema, report);
  checkTypes(schema, nodes, report);
  checkSourceCatalog(schema, report);
  checkShape(schema, nodes, report);
  checkIdentity(schema, report);
  lintSchema(schema, nodes, report);
  const declarations = pieces.map(({ piece, parsed }) => ({
    offset: piece.offset,
    length: piece.text.length,
    syntax: parsed.declaration,
  }));
  const result = { diagnostics: report.diagnostics, declarations };
  if (schema.all.length === 0 && pieces.length > 0) return result;
  let catalog: Catalog | undefined;
  return {
    ...result,
    // An editor shows the diagnostics of a keystroke before anything asks what the schema means.
    get catalog() {
      catalog ??= buildCatalog(text, schema, nodes, report);
      return catalog;
    },
  };
}

function reportLocal(pieces: readonly ReadPiece[], phase: LocalProblem['phase'], report: SchemaReport): void {
  for (const { piece, parsed } of pieces) {
    for (const { phase: found, span, code, message, remedy } of parsed.problems) {
      if (found !== phase) continue;
      const advice = remedy === undefined ? {} : { remedy };
      report.error('S1', { offset: piece.offset, span }, { code, message, ...advice });
    }
  }
}

/** S1 d, then S1 e, each over the declarations in file order. */
function checkTypes(schema: PlacedSchema, nodes: readonly EffectiveNode[], report: SchemaReport): void {
  const effectiveNodes = new Map(nodes.map((node) => [node.offset, node]));
  const types: EffectiveType[] = [];
  for (const { declaration, offset } of schema.all) {
    if (declaration.kind === 'interface') {
      checkInterfaceAnnotations({ declaration, offset }, report);
      continue;
    }
    const type = declaration.kind === 'edge' ? effectiveEdge({ declaration, offset }) : effectiveNodes.get(offset);
    if (type === undefined) continue;
    checkTypeAnnotations(type, declaration.annotations, report);
    checkPropertyAnnotations(type, report);
    types.push(type);
  }
  for (const type of types) checkConstraints(type, report);
}

function effectiveEdge({ declaration, offset }: Placed<EdgeDeclaration>): EffectiveType {
  const properties = ownProperties(declaration.properties, offset);
  const { name, complete, constraints } = declaration;
  return {
    kind: 'edge',
    name: name.text,
    offset,
    complete,
    properties,
    byName: firstByName(properties),
    constraints,
  };
}
