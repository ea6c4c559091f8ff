import { expect, test } from 'vitest';
import { queryCompletion } from '../../../../language/src/editor/query/completion.js';
import { ask } from './ask.js';

async function labelsAt(source: string): Promise<readonly string[]> {
  const { answer } = await ask(queryCompletion, 'textDocument/completion', source);
  const items = answer === null ? [] : 'items' in answer ? answer.items : answer;
  return items.map(({ label }) => label);
}

/** The labels begin with these, in this order. */
async function checkFirst(source: string, ...first: readonly string[]): Promise<void> {
  expect((await labelsAt(source)).slice(0, first.length)).toEqual(first);
}

const M = (clauses: string): string => `query q($s: String, $n: I32) { match { ${clauses} } return { 1 as one } }`;

test.each<[source: string, ...first: string[]]>([
  ['|', 'query', 'query insert'],
  ['que|', 'query'],
  ['query q(|) { match { $p: Plant { code: $code, height: $h } } return { $p } }', '$code', '$h'],
  ['query q($s: |) { }', 'String', 'Bool'],
  ['query q($s: [|]) { }', 'String', 'Bool'],
  ['query q() | { }', '@description', '@instruction'],
  ['query q() @description("x") | { }', '@instruction'],
  ['query q() { | }', 'match', 'insert', 'update', 'delete'],
  ['query q() { match { $p: Plant } | }', 'return'],
  ['query q() { match { $p: Plant } return { $p } | }', 'order', 'limit'],
  ['query q() { match { $p: Plant } return { $p } order { $p.code } | }', 'limit'],
  ['query q() { insert Memo { text: "a" } | }', 'insert', 'update', 'delete'],
  [M('$p: |'), 'Plant', 'Bed', 'Memo'],
  [M('$p: Pl|'), 'Plant', 'Bed', 'Memo'],
  [M('$p: Plant { | }'), 'code', 'common', 'height'],
  [M('$p: Plant { code: $s, | }'), 'common', 'height'],
  [M('$p: Plant { stage: | }'), '$s', '$n', '"mature"', '"seed"', '"sprout"'],
  [M('$p: Plant { stage: "|" }'), 'mature', 'seed', 'sprout'],
  [M('$p: Plant { height: | }'), '$n', '$s'],
  [M('$p: Plant { hardy: | }'), '$s', '$n', 'true', 'false'],
  [M('$p: Plant $p.|'), 'code', 'common', 'height', 'price'],
  [M('$p: Plant $p growsIn $b $b.|'), 'bid', 'area'],
  [M('$b: Bed $p growsIn $b $p.|'), 'code', 'common'],
  [M('$p: Plant $p $g:growsIn $b $g.|'), 'since', 'slot'],
  [M('$p: Plant $p |'), 'growsIn', 'shades'],
  [M('$b: Bed $b |'), 'growsIn'],
  [M('$p: Plant $p growsIn |'), '$bed', '$_', '$p'],
  [M('$p: Plant $q: Plant $p shades |'), '$q', '$plant', '$_', '$p'],
  [M('$p: Plant $p $g:|'), 'growsIn', 'shades'],
  [M('$p: Plant $p <|'), 'shades'],
  [M('$p: Plant $p.common |'), '=', '!=', 'contains', 'starts_with'],
  [M('$p: Plant $p.tags |'), 'contains'],
  [M('$p: Plant $p.stage = |'), '"mature"', '"seed"', '"sprout"', '$s'],
  [M('$p: Plant $p.stage = "|"'), 'mature', 'seed', 'sprout'],
  [M('$p: Plant $p.watered < |'), 'now', 'datetime'],
  [M('$p: Plant $p.height < $p.|'), 'height', 'price', 'code'],
  [M('$p: Plant |'), '{ }', '$p', '$s', '$n', 'not', 'search'],
  [M('$p: Plant not { | }'), '$p', '$s', '$n', 'not'],
  [M('$p: Plant not { $p shades $q $q.| }'), 'code', 'common'],
  [M('$p: Plant search(|)'), '$p', '$s', '$n'],
  [M('$p: Plant search($p.|)'), 'code', 'common', 'stage', 'height'],
  [M('$p: Plant search($p.common, |)'), '$s', '$n', '$p', '""'],
  ['query q() { match { $p: Plant } return { | } }', '$p', 'count', 'sum'],
  ['query q() { match { $p: Plant } return { $p.| } }', 'code', 'common'],
  ['query q() { match { $p: Plant } return { count($p) | } }', 'as', '$p'],
  ['query q() { match { $p: Plant } return { count($p) as | } }', 'p_count', 'count_p', 'count'],
  ['query q() { match { $p: Plant } return { sum($p.|) } }', 'height', 'price', 'code'],
  ['query q() { match { $p: Plant } return { count($p) as n } order { | } }', 'n', '$p', 'nearest'],
  ['query q() { match { $p: Plant } return { count($p) as n } order { n | } }', 'desc', 'asc'],
  ['query q() { match { $p: Plant } return { $p.code } order { nearest($p.| ', 'vec', 'code'],
  ['query q() { match { $p: Plant } return { $p.code } order { rrf(|', 'nearest', 'bm25'],
  ['query q() { insert | }', 'Plant', 'Bed', 'Memo', 'GrowsIn', 'Shades'],
  ['query q() { update | }', 'Plant', 'Bed', 'Memo'],
  ['query q() { insert Plant { | } }', 'code, common, stage', 'code', 'common', 'stage', 'height'],
  ['query q() { insert GrowsIn { | } }', 'from, to', 'from', 'to', 'since'],
  ['query q() { update Plant | }', 'set'],
  ['query q() { update Plant set { height: 1 } | }', 'where'],
  ['query q() { update Plant set { | } }', 'common', 'height'],
  ['query q() { update Plant set { height: 1 } where | }', 'code', 'common'],
  ['query q() { delete Shades where | }', 'from', 'to', 'weight'],
  ['query q() { delete Plant where code | }', '=', '!='],
  ['query q() { delete Plant where stage = | }', '"mature"'],
])('offers at %s', checkFirst);
