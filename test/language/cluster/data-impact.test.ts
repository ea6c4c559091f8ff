/** The rows a change concerns, told from the counts of the live graph. */
import { type DataImpact, deletionImpact, type MigrationStep, migrationImpact } from 'omnigraph-language';
import { expect, test } from 'vitest';

const COUNTS = new Map([
  ['edge:Calls', 30],
  ['node:Berth', 0],
  ['node:Port', 4],
  ['node:Vessel', 100],
]);

const VESSEL = { type_kind: 'node', type_name: 'Vessel', rows: 100 } as const;
const dropName = (type: string): MigrationStep => ({
  kind: 'drop_property',
  type_kind: 'node',
  type_name: type,
  property_name: 'name',
  mode: 'soft',
});
const rename: MigrationStep = { kind: 'rename_type', type_kind: 'node', from: 'Vessel', to: 'Ship' };

test.each<[string, readonly MigrationStep[], DataImpact]>([
  ['nothing', [], { rows: 0, types: [], steps: [] }],
  [
    'one type, touched twice, counts once',
    [dropName('Vessel'), dropName('Vessel')],
    { rows: 100, types: [VESSEL], steps: [100, 100] },
  ],
  [
    'a renamed type counts under its live name',
    [rename, dropName('Ship')],
    { rows: 100, types: [VESSEL], steps: [100, 100] },
  ],
  [
    'an added type has no rows, whatever was there before',
    [{ kind: 'add_type', type_kind: 'node', name: 'Crane' }, dropName('Crane')],
    { rows: 0, types: [], steps: [0, 0] },
  ],
  [
    'a new type that takes the name of a renamed one has none either',
    [rename, { kind: 'add_type', type_kind: 'node', name: 'Vessel' }, dropName('Vessel')],
    { rows: 100, types: [VESSEL], steps: [100, 0, 0] },
  ],
  [
    'a dropped type',
    [{ kind: 'drop_type', type_kind: 'edge', name: 'Calls', mode: 'soft' }],
    { rows: 30, types: [{ type_kind: 'edge', type_name: 'Calls', rows: 30 }], steps: [30] },
  ],
  [
    'nodes before edges, by name, the empty ones too',
    [
      { kind: 'update_type_metadata', type_kind: 'edge', name: 'Calls', annotations: [] },
      dropName('Port'),
      dropName('Berth'),
    ],
    {
      rows: 34,
      types: [
        { type_kind: 'node', type_name: 'Berth', rows: 0 },
        { type_kind: 'node', type_name: 'Port', rows: 4 },
        { type_kind: 'edge', type_name: 'Calls', rows: 30 },
      ],
      steps: [30, 4, 0],
    },
  ],
  [
    'an interface has no rows of its own',
    [{ kind: 'add_type', type_kind: 'interface', name: 'Named' }],
    { rows: 0, types: [], steps: [0] },
  ],
  [
    'a change that is refused names what it would have touched',
    [{ kind: 'unsupported_change', entity: 'node:Vessel.name', reason: 'the type changed' }],
    { rows: 100, types: [VESSEL], steps: [100] },
  ],
])('%s', (_, steps, expected) => expect(migrationImpact(steps, COUNTS)).toEqual(expected));

test('a delete concerns everything', () =>
  expect(deletionImpact(COUNTS)).toEqual({
    rows: 134,
    types: [
      { type_kind: 'node', type_name: 'Berth', rows: 0 },
      { type_kind: 'node', type_name: 'Port', rows: 4 },
      VESSEL,
      { type_kind: 'edge', type_name: 'Calls', rows: 30 },
    ],
  }));
