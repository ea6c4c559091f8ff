/** A small cluster in which every kind of name is mentioned in several files. */
export const SCHEMA = `interface Named {
    name: String @index
}

node Person implements Named {
    slug: String @key
    role: enum(lead, member)
    nick: String?
    vec: Vector(2)? @embed(nick)
    @unique(nick)
}

node Company implements Named {
    slug: String @key
    name: String
}

edge WorksAt: Person -> Company @card(0..1) {
    since: Date?
    @unique(src, since)
}
`;

export const PEOPLE = `query find_person($slug: String) {
    match { $p: Person { slug: $slug, role: "lead" } }
    return { $p.name, $p.nick }
}

query team($name: String) {
    match {
        $c: Company { name: $name }
        $p worksAt $c
    }
    return { $p.slug, $c.name }
}
`;

export const WRITES = `query hire($who: String, $where: String) {
    insert WorksAt { from: $who, to: $where, since: date("2026-01-01") }
}

query add($slug: String, $name: String) {
    insert Person { slug: $slug, name: $name, role: "member" }
}

query fire($who: String) {
    delete WorksAt where from = $who
}
`;

export const CLUSTER = `version: 1
metadata:
  name: demo
graphs:
  hr:
    schema: schema.pg
    queries:
      find_person: { file: people.gq }
      team: { file: people.gq }
      hire: { file: writes.gq }
policies:
  main:
    file: main.policy.yaml
    applies_to: [hr]
`;

export const FILES = { 'schema.pg': SCHEMA, 'people.gq': PEOPLE, 'writes.gq': WRITES, 'cluster.yaml': CLUSTER };
