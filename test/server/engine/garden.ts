/** The schema and data of query-language.md §14. */
import { parseDate, parseDateTime } from 'omnigraph-language';
import type { GraphRows } from './memory-graph.js';

export { GARDEN_SCHEMA } from '../../support/garden.js';

/** As a load file, for an engine with files. */
export const GARDEN_LINES = `
{"type":"Plant","data":{"code":"ash","common":"Ash Tree","height":900,"price":12.5,"hardy":true,"sown":"2024-03-01","watered":"2025-05-01T06:00:00Z","stage":"mature","tags":["tall","native"],"vec":[1,0]}}
{"type":"Plant","data":{"code":"bay","common":"Bay Laurel","height":300,"price":8.0,"hardy":true,"sown":"2024-09-15","stage":"mature","tags":["herb"],"vec":[0,1]}}
{"type":"Plant","data":{"code":"cos","common":"Cos Lettuce","height":30,"price":1.5,"hardy":false,"sown":"2025-04-10","watered":"2025-05-02T06:30:00Z","stage":"sprout","tags":["edible","herb"],"vec":[0.6,0.8]}}
{"type":"Plant","data":{"code":"dil","common":"Dill","price":1.5,"hardy":false,"stage":"seed"}}
{"type":"Bed","data":{"bid":"north","area":40}}
{"type":"Bed","data":{"bid":"south","area":12}}
{"type":"Bed","data":{"bid":"west"}}
{"edge":"GrowsIn","from":"ash","to":"north","data":{"since":"2024-03-02","slot":1}}
{"edge":"GrowsIn","from":"bay","to":"north","data":{"since":"2024-09-16","slot":2}}
{"edge":"GrowsIn","from":"cos","to":"south","data":{"since":"2025-04-11","slot":1}}
{"edge":"GrowsIn","from":"bay","to":"south","data":{"since":"2025-01-05","slot":3}}
{"edge":"Shades","from":"ash","to":"bay","data":{"weight":0.5}}
{"edge":"Shades","from":"ash","to":"bay","data":{"weight":0.7}}
{"edge":"Shades","from":"ash","to":"cos","data":{"weight":0.9}}
{"edge":"Shades","from":"bay","to":"cos","data":{"weight":0.2}}
{"edge":"Shades","from":"cos","to":"dil"}
{"edge":"Shades","from":"dil","to":"dil","data":{"weight":0.1}}
`;

export const GARDEN_ROWS: GraphRows = rowsOfLines(GARDEN_LINES);

function rowsOfLines(lines: string): GraphRows {
  const rows: Record<string, Record<string, never>[]> = { 'node:Memo': [] };
  for (const [number, line] of lines.trim().split('\n').entries()) {
    const { type, edge, from, to, data = {} } = JSON.parse(line);
    const key = type === undefined ? `edge:${edge}` : `node:${type}`;
    const identity = type === undefined ? { id: `e${number}`, src: from, dst: to } : { id: data.code ?? data.bid };
    const dates = {
      ...(data.sown === undefined ? {} : { sown: parseDate(data.sown) }),
      ...(data.since === undefined ? {} : { since: parseDate(data.since) }),
      ...(data.watered === undefined ? {} : { watered: parseDateTime(data.watered) }),
    };
    rows[key] ??= [];
    rows[key].push({ ...data, ...dates, ...identity });
  }
  return rows;
}
