/**
 * Makes the snapshots of `documents.ts` from texts. Each file has its own compilers, which remember the declarations of
 * its last text, so a snapshot of an edited text costs the declarations that changed.
 */
import { decodeConfig, parseClusterSource } from '../cluster/index.js';
import { type Diagnostic, LineIndex } from '../diagnostics/index.js';
import { type PolicyKind, parsePolicy, parsePolicyTests } from '../policy/index.js';
import { type CompiledQueries, createQueryCompiler, type QueryCompiler } from '../query/index.js';
import { type Catalog, compileSchema, type SchemaCompiler } from '../schema/index.js';
import type {
  ClusterDocument,
  PolicyDocument,
  PolicyTestsDocument,
  QueryDocument,
  QuerySchema,
  SchemaDocument,
} from './documents.js';

/** One text of one file. */
export interface SourceText {
  readonly uri: string;
  readonly version: number | undefined;
  readonly text: string;
  readonly lines: LineIndex;
}

export const sourceText = (uri: string, version: number | undefined, text: string): SourceText => ({
  uri,
  version,
  text,
  lines: new LineIndex(text),
});

export function schemaDocument(source: SourceText, compiler: SchemaCompiler): SchemaDocument {
  const compiled = lazy(() => compiler.compile(source.text, { uri: source.uri }));
  return {
    ...source,
    kind: 'schema',
    get compiled() {
      return compiled();
    },
    get catalog() {
      return compiled().catalog ?? emptyCatalog();
    },
  };
}

/** The compiler of one `.gq` file, and what it made last: a schema edit that touches none of its types is free. */
export interface QueryCompilation {
  readonly compiler: QueryCompiler;
  last?: { readonly source: SourceText; readonly syntaxOnly: boolean; readonly compiled: CompiledQueries };
}

export const queryCompilation = (): QueryCompilation => ({ compiler: createQueryCompiler() });

/** `onCheck` is told whenever declarations had to be checked, and not merely taken over. */
export function queryDocument(
  source: SourceText,
  schema: QuerySchema,
  compilation: QueryCompilation,
  onCheck: () => void,
): QueryDocument {
  const ofSchema = lazy(() => (schema.by === 'none' ? undefined : schema.document?.compiled.catalog));
  const catalog = lazy(() => ofSchema() ?? emptyCatalog());
  const compiled = lazy((): CompiledQueries => {
    const syntaxOnly = ofSchema() === undefined;
    const { compiler, last } = compilation;
    if (last?.source === source && last.syntaxOnly === syntaxOnly && compiler.holds(catalog())) return last.compiled;
    const whole = compiler.compile(source.text, catalog(), { uri: source.uri });
    if (compiler.stats.checked > 0) onCheck();
    const result = syntaxOnly ? { ...whole, diagnostics: whole.diagnostics.filter(needsNoSchema) } : whole;
    compilation.last = { source, syntaxOnly, compiled: result };
    return result;
  });
  return {
    ...source,
    kind: 'query',
    schema,
    get catalog() {
      return catalog();
    },
    get compiled() {
      return compiled();
    },
  };
}

const needsNoSchema = ({ stage, code }: Diagnostic): boolean => stage === 'P' || code === 'duplicate-query-name';

export function clusterDocument(source: SourceText): ClusterDocument {
  const parsed = lazy(() => parseClusterSource(source.text, source.uri));
  const config = lazy(() => decodeConfig(parsed()).config);
  return {
    ...source,
    kind: 'cluster',
    get source() {
      return parsed();
    },
    get config() {
      return config();
    },
  };
}

export function policyDocument(source: SourceText, binding: PolicyKind | 'either'): PolicyDocument {
  const checked = lazy(() => parsePolicy(source.text, { uri: source.uri, kind: binding }));
  return {
    ...source,
    kind: 'policy',
    binding,
    get checked() {
      return checked();
    },
  };
}

export function policyTestsDocument(source: SourceText): PolicyTestsDocument {
  const checked = lazy(() => parsePolicyTests(source.text, { uri: source.uri }));
  return {
    ...source,
    kind: 'policy-tests',
    get checked() {
      return checked();
    },
  };
}

/** The meaning of an empty text: what there is to check against when there is no schema. */
const emptyCatalog: () => Catalog = lazy(() => {
  const { catalog } = compileSchema('');
  if (catalog === undefined) throw new Error('the empty schema must compile');
  return catalog;
});

function lazy<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
}
