export { type BoundSchema, bindAccepted, type InitializedSchema, initializeSchema } from './accepted.js';
export * from './catalog.js';
export {
  type CompiledDeclaration as CompiledSchemaDeclaration,
  type CompiledSchema,
  type CompileOptions,
  compileSchema,
  createSchemaCompiler,
  type SchemaCompiler,
} from './compile.js';
export { displayConstraint } from './constraint-text.js';
export type {
  AnnotationDeclaration,
  ArgumentDeclaration,
  CardinalityDeclaration,
  ConstraintArgumentDeclaration,
  ConstraintDeclaration,
  Declaration as SchemaDeclaration,
  EdgeDeclaration,
  InterfaceDeclaration,
  KeywordArgumentDeclaration,
  Name as SchemaName,
  NodeDeclaration,
  ParsedPiece as ParsedSchemaPiece,
  PropertyDeclaration,
  PropertyTypeDeclaration,
  RangeBoundDeclaration,
} from './declarations.js';
export { schemaDigest } from './digest.js';
export { canonicalText, entityId, UnkeyableValueError } from './entity-id.js';
export { formatSchema } from './format.js';
export { IR_VERSION, type SchemaIr } from './ir.js';
export { LINT_CODES, type LintCode, type LintTier, lintCode } from './lint-codes.js';
export { BASE_SCALARS, nearestType } from './lower-type.js';
export { type Evolution, evolveSchema, planMigration, withDropMode } from './migration.js';
export * from './migration-plan.js';
export { parsePiece as parseSchemaPiece } from './parse-piece.js';
export { type CompiledPattern, compilePattern } from './pattern.js';
export { renderStep, unsupportedReason } from './render-step.js';
export { shapeHash } from './shape.js';
export {
  type Piece as SchemaPiece,
  type PieceKind as SchemaPieceKind,
  splitDeclarations,
} from './split.js';
