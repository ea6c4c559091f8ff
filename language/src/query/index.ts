/** The `.gq` query language: text → checked logical plans, parameters, descriptors, lint. query-language.md. */
export { bindParams } from './bind-params.js';
export {
  aggregates,
  elementOf,
  isBlob,
  isCompatible,
  isDateTimeScalar,
  isNumericScalar,
  isStringScalar,
  isVector,
} from './check/property-type.js';
export {
  type CompiledDeclaration as CompiledQueryDeclaration,
  type CompiledQueries,
  compileQueries,
  createQueryCompiler,
  type ParsedQueries,
  parseQueries,
  type QueryCompileOptions,
  type QueryCompiler,
  type QueryCompileStats,
  type QueryDeclaration,
  touchedTypes,
} from './compiler.js';
export {
  describeQuery,
  type ParamDescriptor,
  type ParamKind,
  type QueryDescriptor,
  type ScalarKind,
} from './describe.js';
export { formatQueries } from './format/format-queries.js';
export * from './ir.js';
export {
  type LintFinding,
  type LintInput,
  type LintReport,
  type LintResult,
  lintDiagnostics,
  lintQueries,
  renderLintText,
  type SchemaSource,
} from './lint.js';
export { describeOperation, type OperationDescriptor, type ResultField, type TypeReference } from './operation.js';
export { selectQuery } from './select-query.js';
export type * from './symbols.js';
export type * from './syntax.js';
