/** The `.gq` query language: text → checked logical plans, parameters, descriptors, lint. query-language.md. */
export { bindParams } from './bind-params.js';
export {
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
export * from './ir.js';
export { selectQuery } from './select-query.js';
