import { compileQueries, type Occurrence } from 'omnigraph-language';
import { expect, test } from 'vitest';
import { garden } from './garden.js';

/** Each occurrence as `text@line: meaning`. */
function checkSymbols(text: string): readonly string[] {
  return compileQueries(text, garden).declarations.flatMap(({ offset, symbols }) =>
    (symbols?.occurrences ?? []).map((occurrence) => {
      const start = offset + occurrence.span.offset;
      const written = text.slice(start, start + occurrence.span.length);
      const line = text.slice(0, start).split('\n').length;
      return `${written}@${line}: ${meaningOf(occurrence)}`;
    }),
  );
}

function meaningOf(occurrence: Occurrence): string {
  switch (occurrence.kind) {
    case 'variable':
      return `variable ${occurrence.variable}${occurrence.binds ? ' bound' : ''}`;
    case 'parameter':
    case 'alias':
      return `${occurrence.kind} ${occurrence.name}${occurrence.declares ? ' declared' : ''}`;
    case 'type':
      return `${occurrence.entity} ${occurrence.name}`;
    case 'property':
      return `${occurrence.entity} ${occurrence.typeName}.${occurrence.name}`;
    case 'endpoint':
      return `${occurrence.typeName}.${occurrence.name}`;
  }
}

test('every resolved name of a read query', () => {
  const text = `query q($s: String) {
match { $p: Plant { code: $s }
$p $g:growsin $b
not { $q shades $p }
not { $p shades $q $q.height > 1 }
search($p.common, $s) }
return { $b.bid as bed, $g.slot, nearest($p.vec, "x") as d, $p.nope }
order { bed } limit 1 }`;
  expect(checkSymbols(text)).toMatchInlineSnapshot(`
    [
      "$s@1: parameter s declared",
      "$p@2: variable 0 bound",
      "Plant@2: node Plant",
      "code@2: node Plant.code",
      "$s@2: parameter s",
      "$p@3: variable 0",
      "$g@3: variable 2 bound",
      "growsin@3: edge GrowsIn",
      "$b@3: variable 1 bound",
      "$q@4: variable 3 bound",
      "shades@4: edge Shades",
      "$p@4: variable 0",
      "$p@5: variable 0",
      "shades@5: edge Shades",
      "$q@5: variable 4 bound",
      "$q@5: variable 4",
      "height@5: node Plant.height",
      "$p@6: variable 0",
      "common@6: node Plant.common",
      "$s@6: parameter s",
      "$b@7: variable 1",
      "bid@7: node Bed.bid",
      "bed@7: alias bed declared",
      "$g@7: variable 2",
      "slot@7: edge GrowsIn.slot",
      "$p@7: variable 0",
      "vec@7: node Plant.vec",
      "d@7: alias d declared",
      "$p@7: variable 0",
      "bed@8: alias bed",
    ]
  `);
});

test('every resolved name of a mutation', () => {
  expect(
    checkSymbols(`query q($s: String) {
insert GrowsIn { from: $s, to: "b", slot: 1 }
delete Plant where code = $s }`),
  ).toMatchInlineSnapshot(`
    [
      "$s@1: parameter s declared",
      "GrowsIn@2: edge GrowsIn",
      "from@2: GrowsIn.from",
      "$s@2: parameter s",
      "to@2: GrowsIn.to",
      "slot@2: edge GrowsIn.slot",
      "Plant@3: node Plant",
      "code@3: node Plant.code",
      "$s@3: parameter s",
    ]
  `);
});

test('variables know their type and where they are visible', () => {
  const text = 'query q() { match { $p growsIn $b not { $p shades $q } $t: Tree } return { $p.code } }';
  const [declaration] = compileQueries(text, garden).declarations;
  const visible = declaration?.symbols?.variables.map(({ name, entity, typeName, visible: { offset, length } }) => [
    name,
    entity,
    typeName,
    text.slice(offset, offset + length),
  ]);
  expect(visible).toEqual([
    ['p', 'node', 'Plant', text.slice(text.indexOf('$p'))],
    ['b', 'node', 'Bed', text.slice(text.indexOf('$b'))],
    ['q', 'node', 'Plant', '$q }'],
    ['t', 'unknown', null, text.slice(text.indexOf('$t'))],
  ]);
});

test('a declaration that does not parse keeps what stands before the error', () => {
  const text = 'query q($s: String) { match { $p: Plant { code: $s } $p growsIn $b $b. } return { $p.code } }';
  const { declarations, diagnostics } = compileQueries(text, garden);
  expect(diagnostics.map(({ stage }) => stage)).toEqual(['P']);
  expect(declarations[0]?.symbols?.variables.map(({ name, typeName }) => [name, typeName])).toEqual([
    ['p', 'Plant'],
    ['b', 'Bed'],
  ]);
});
