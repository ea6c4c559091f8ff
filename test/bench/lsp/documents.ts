/** A document of 1,000 lines for each server's language, with a place to type in and a place to complete at. */
import type { Position } from 'vscode-languageserver/node.js';
import { generatedQueries, generatedSchema } from '../generated-cluster.js';

export const LINES = 1000;
/** Of the schema beside the queries: that of a real cluster. */
const SCHEMA_LINES = 300;

export interface BenchDocument {
  readonly file: string;
  readonly languageId: string;
  readonly text: string;
  /** Inside a string or comment in the middle of the document: typing there leaves it valid. */
  readonly typing: Position;
  /** Where a name is being written: completion has something to offer. */
  readonly completing: Position;
  /** Other files the server needs to see. */
  readonly beside: Readonly<Record<string, string>>;
}

export const queryDocument = (): BenchDocument =>
  benchDocument('queries.gq', 'omnigraph-query', generatedQueries(LINES, SCHEMA_LINES), '@description("', '$liked.', {
    'schema.pg': generatedSchema(SCHEMA_LINES),
    'cluster.yaml': 'version: 1\ngraphs:\n  bench: { schema: schema.pg, queries: queries.gq }\n',
  });

export const schemaDocument = (): BenchDocument =>
  benchDocument('schema.pg', 'omnigraph-schema', generatedSchema(LINES), '@description("', '  due: ', {
    'cluster.yaml': 'version: 1\ngraphs:\n  bench: { schema: schema.pg }\n',
  });

export const prismaDocument = (): BenchDocument => {
  const head =
    'generator client {\n  provider = "prisma-client-js"\n}\ndatasource db {\n  provider = "postgresql"\n}\n';
  const models = Array.from({ length: Math.ceil(LINES / 11) }, (_, index) => {
    return `/// Model number ${index}
model Thing${index} {
  id      Int      @id @default(autoincrement())
  slug    String   @unique
  name    String
  size    Int?
  weight  Float?
  created DateTime @default(now())
  due     DateTime?
  notes   String?
}
`;
  });
  return benchDocument('schema.prisma', 'prisma', head + models.join('\n'), '/// Model number ', '  due     ', {});
};

export const graphqlDocument = (): BenchDocument => {
  const types = Array.from(
    { length: Math.ceil(LINES / 10) },
    (_, index) => `type Thing${index} {
  id: ID!
  slug: String!
  name: String
  size: Int
  weight: Float
  created: String
  next: Thing${index}
}
`,
  );
  const fields = types.map((_, index) => `  thing${index}(slug: String!): Thing${index}`);
  const schema = `${types.join('\n')}\ntype Query {\n${fields.join('\n')}\n}\n`;
  const operations = Array.from(
    { length: Math.ceil(LINES / 10) },
    (_, index) => `# Operation number ${index}
query read${index}($slug: String!) {
  thing${index}(slug: $slug) {
    slug
    name
    size
    next { slug name }
  }
}
`,
  );
  return benchDocument('operations.graphql', 'graphql', operations.join('\n'), '# Operation number ', '    s', {
    'schema.graphql': schema,
    '.graphqlrc.json': '{ "schema": "schema.graphql", "documents": "operations.graphql" }',
  });
};

export const yamlDocument = (): BenchDocument => {
  const services = Array.from(
    { length: Math.ceil(LINES / 9) },
    (_, index) => `  # Service number ${index}
  service${index}:
    image: registry/service-${index}
    replicas: ${index}
    kind: alpha
    ports: [80, 443]
    labels:
      team: core
      tier: two
`,
  );
  const text = `services:\n${services.join('')}`;
  return benchDocument('services.yaml', 'yaml', text, '  # Service number ', '    kind: ', {
    'services.schema.json': JSON.stringify(YAML_SCHEMA),
  });
};

const YAML_SCHEMA = {
  type: 'object',
  properties: {
    services: {
      type: 'object',
      additionalProperties: {
        type: 'object',
        additionalProperties: false,
        required: ['image'],
        properties: {
          image: { type: 'string' },
          replicas: { type: 'integer' },
          kind: { enum: ['alpha', 'beta', 'gamma'] },
          ports: { type: 'array', items: { type: 'integer' } },
          labels: { type: 'object', additionalProperties: { type: 'string' } },
        },
      },
    },
  },
};

function benchDocument(
  file: string,
  languageId: string,
  text: string,
  typingAfter: string,
  completingAfter: string,
  beside: Readonly<Record<string, string>>,
): BenchDocument {
  const middle = Math.floor(text.length / 2);
  return {
    file,
    languageId,
    text,
    typing: positionAfter(text, typingAfter, middle),
    completing: positionAfter(text, completingAfter, middle),
    beside,
  };
}

function positionAfter(text: string, needle: string, from: number): Position {
  const at = text.indexOf(needle, from);
  if (at === -1) throw new Error(`"${needle}" is not in the second half of the document`);
  const before = text.slice(0, at + needle.length);
  return { line: before.split('\n').length - 1, character: before.length - (before.lastIndexOf('\n') + 1) };
}
