/** The walls of the house: what may import what. `npm run arrows`. */
const packageOf = (name) => `^${name}/`;

module.exports = {
  forbidden: [
    {
      name: 'language-is-pure',
      comment: 'language/ imports nothing of ours, and no file, network, clock or process.',
      severity: 'error',
      from: { path: packageOf('language/src') },
      to: { path: '^(server|cli|extension|test)/|^node:', dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'language-uses-no-node-module',
      severity: 'error',
      from: { path: packageOf('language/src') },
      to: { dependencyTypes: ['core'] },
    },
    {
      name: 'server-imports-language-only',
      severity: 'error',
      from: { path: packageOf('server/src') },
      to: { path: '^(cli|extension|test)/' },
    },
    {
      name: 'cli-imports-language-and-server',
      severity: 'error',
      from: { path: packageOf('cli/src') },
      to: { path: '^(extension|test)/' },
    },
    {
      name: 'extension-reads-control-and-storage-only',
      severity: 'error',
      from: { path: packageOf('extension/src') },
      to: { path: '^(cli|test)/|^server/src/(?!control/|storage/)' },
    },
    {
      name: 'product-never-imports-tests',
      severity: 'error',
      from: { path: '^(language|server|cli|extension)/src/' },
      to: { path: '^test/' },
    },
    {
      name: 'only-tables-know-lancedb',
      comment: 'And only by createRequire there: the ESM copy of apache-arrow is another class identity.',
      severity: 'error',
      from: { pathNot: '^server/src/engine/tables/|^test/' },
      to: { path: '@lancedb/lancedb|apache-arrow', dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'only-authz-knows-cedar',
      severity: 'error',
      from: { pathNot: '^server/src/authz/' },
      to: { path: '@cedar-policy/' },
    },
    {
      name: 'only-storage-knows-s3',
      severity: 'error',
      from: { pathNot: '^server/src/storage/|^test/' },
      to: { path: '@aws-sdk/' },
    },
    {
      name: 'only-editor-knows-lsp',
      severity: 'error',
      from: { path: '^language/src/', pathNot: '^language/src/editor/' },
      to: { path: 'vscode-languageserver' },
    },
    {
      name: 'everything-resolves',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true, pathNot: '/generated/|^vscode$' },
    },
    {
      name: 'no-cycles',
      severity: 'error',
      from: { path: '^(language|server|cli|extension)/src/' },
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only', 'dynamic-import'] } },
    },
  ],
  options: {
    parser: 'swc',
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '(^|/)(dist|generated)/' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.check.json' },
    enhancedResolveOptions: {
      extensions: ['.ts', '.js', '.mjs', '.cjs', '.json'],
      exportsFields: ['exports'],
      conditionNames: ['import', 'types', 'default'],
    },
  },
};
