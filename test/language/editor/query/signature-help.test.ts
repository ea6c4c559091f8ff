import { expect, test } from 'vitest';
import { querySignatureHelp } from '../../../../language/src/editor/query/signature-help.js';
import { ask } from './ask.js';

const R = (items: string): string => `query q() { match { $p: Plant } return { ${items} } }`;

/** The label, and the parameter that is active. */
async function checkSignature(source: string, label: string | null, active?: string): Promise<void> {
  const { answer } = await ask(querySignatureHelp, 'textDocument/signatureHelp', source);
  const [signature] = answer?.signatures ?? [];
  expect(signature?.label ?? null).toBe(label);
  expect(signature?.parameters?.[answer?.activeParameter ?? -1]?.label).toBe(active);
}

test.each<[source: string, label: string | null, active?: string]>([
  [R('count(|)'), 'count(value): I64', 'value'],
  [R('sum($p.|'), 'sum(value): F64?', 'value'],
  ['query q() { match { $p: Plant search(| } return { $p } }', 'search(field, query): Bool', 'field'],
  ['query q() { match { $p: Plant search($p.common, | } return { $p } }', 'search(field, query): Bool', 'query'],
  [
    'query q() { match { $p: Plant fuzzy($p.common, "a", |) } return { $p } }',
    'fuzzy(field, query, edits): Bool',
    'edits',
  ],
  ['query q() { match { $p: Plant } return { $p } order { rrf(nearest(|', 'nearest(field, query): F64', 'field'],
  [
    'query q() { match { $p: Plant } return { $p } order { rrf(nearest($p.vec, "x"), |',
    'rrf(first, second, k): F64',
    'second',
  ],
  ['query q() { match { $p: Plant $p.sown > date(|) } return { $p } }', 'date("YYYY-MM-DD"): Date', '"YYYY-MM-DD"'],
  ['query q() @description(|) { }', '@description("text")', '"text"'],
  ['query q() @instruction("|") { }', '@instruction("text")', '"text"'],
  ['query q() { insert Memo { text: | } }', 'Memo { text: String }', 'text: String'],
  [
    'query q() { insert GrowsIn { from: "a", | } }',
    'GrowsIn { from: String, to: String, since: Date?, slot: I32? }',
    'from: String',
  ],
  ['query q() { update Bed set { area: | } }', 'Bed { bid: String, area: I32? }', 'area: I32?'],
  [R('count($p)|'), null],
  ['query q(|) { }', null],
  ['// count(|', null],
])('at %s', checkSignature);
