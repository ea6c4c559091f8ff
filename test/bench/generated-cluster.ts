/** Generated sources of a wanted length, of the shapes real clusters have. The same arguments give the same text. */

/** A schema of at least `lines` lines: node types of nine properties, each with two edges. */
export function generatedSchema(lines: number): string {
  const types = Math.ceil(lines / 16);
  return Array.from({ length: types }, (_, index) => nodeAndEdges(index, (index + 1) % types)).join('\n');
}

function nodeAndEdges(index: number, next: number): string {
  return `// Type ${index} of a generated schema.
node Thing${index} @description("Thing number ${index}") {
  slug: String @key
  name: String @index
  kind: enum(alpha, beta, gamma-${index}) @index
  size: I32? @range(size, 0..1000)
  weight: F64?
  tags: [String]?
  created: DateTime
  due: Date?
  notes: String?
}
edge Links${index}: Thing${index} -> Thing${next} {
  since: Date?
}
edge Likes${index}: Thing${index} -> Thing${index} @card(0..9)
`;
}

/** Queries over `generatedSchema(schemaLines)`, at least `lines` lines of them. */
export function generatedQueries(lines: number, schemaLines: number): string {
  const types = Math.ceil(schemaLines / 16);
  return Array.from({ length: Math.ceil(lines / 20) }, (_, index) => readAndWrite(index, index % types)).join('\n');
}

function readAndWrite(index: number, type: number): string {
  return `query read_${index}($slug: String, $least: I32) @description("Read number ${index}") {
  match {
    $t: Thing${type} { slug: $slug }
    $t $l:links${type} $other
    $t likes${type}{1,3} $liked
    $liked.size >= $least
    not { $liked.name starts_with "x" }
  }
  return { $other.slug, $liked.name as liked, $l.since, count($t) as n }
  order { n desc }
  limit 20
}

query write_${index}($slug: String, $name: String, $created: DateTime) {
  insert Thing${type} { slug: $slug, name: $name, kind: "alpha", created: $created }
  update Thing${type} set { name: $name } where slug = $slug
}

// ${index}
`;
}
