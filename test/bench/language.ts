/**
 * Compiling sources: cold (a fresh process: loading the language, building the parser, compiling once), warm (a whole
 * compile in a running process) and after one edit (one declaration changed).
 */
import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import {
  type Catalog,
  compileQueries,
  compileSchema,
  createQueryCompiler,
  createSchemaCompiler,
} from 'omnigraph-language';
import { generatedQueries, generatedSchema } from './generated-cluster.js';
import { Bench, peakMemory } from './harness.js';

const SCHEMA_LINES = 2000;
const QUERY_LINES = 5000;
const ROOT = fileURLToPath(new URL('../..', import.meta.url));

const schema = generatedSchema(SCHEMA_LINES);
const queries = generatedQueries(QUERY_LINES, SCHEMA_LINES);
const lines = (text: string): number => text.split('\n').length;

const bench = new Bench(`Compiling ${lines(schema)} lines of schema and ${lines(queries)} lines of queries`);
const warm = { samples: 20, warmUp: 3 };

recordCold();
const catalog = compiledCatalog(schema);
await bench.time('schema, warm', async () => compileSchema(schema), warm);
await bench.time('queries, warm', async () => compileQueries(queries, catalog), warm);

const schemaCompiler = createSchemaCompiler();
schemaCompiler.compile(schema);
await bench.time(
  'schema, one declaration edited',
  async (run) => schemaCompiler.compile(schema.replace('number 60"', `edit ${run}"`)),
  warm,
);

const queryCompiler = createQueryCompiler();
queryCompiler.compile(queries, catalog);
await bench.time(
  'queries, one declaration edited',
  async (run) => queryCompiler.compile(queries.replace('number 120"', `edit ${run}"`), catalog),
  warm,
);

bench.record('peak memory', 'MiB', [peakMemory()]);
bench.report();

function compiledCatalog(source: string): Catalog {
  const { catalog: compiled, diagnostics } = compileSchema(source);
  if (compiled === undefined) throw new Error(JSON.stringify(diagnostics[0]));
  return compiled;
}

/** Built code in a process of its own, so that nothing is loaded yet. */
function recordCold(): void {
  const script = `
    let input = '';
    for await (const chunk of process.stdin) input += chunk;
    const [schema, queries] = JSON.parse(input);
    const start = performance.now();
    const { compileSchema, compileQueries } = await import('omnigraph-language');
    const loaded = performance.now();
    const { catalog } = compileSchema(schema);
    const compiled = performance.now();
    compileQueries(queries, catalog);
    console.log(JSON.stringify([loaded - start, compiled - loaded, performance.now() - compiled]));`;
  const samples = Array.from({ length: 5 }, () => {
    const output = execFileSync(process.execPath, ['--input-type=module', '-e', script], {
      cwd: `${ROOT}/server`,
      input: JSON.stringify([schema, queries]),
    });
    return JSON.parse(output.toString()) as [number, number, number];
  });
  bench.record(
    'loading the language, cold',
    'ms',
    samples.map(([load]) => load),
  );
  bench.record(
    'schema, cold',
    'ms',
    samples.map(([, compile]) => compile),
  );
  bench.record(
    'queries, cold',
    'ms',
    samples.map(([, , compile]) => compile),
  );
}
