/** Lenses of a policy: who may do what, over the whole file and over each group. */
import type { CodeLens } from 'vscode-languageserver';
import type { WrittenBundle } from '../../policy/index.js';
import type { PolicyDocument } from '../documents.js';
import type { Feature } from '../feature.js';
import { rangeOf } from '../positions.js';
import { type BranchClass, type MatrixCell, matrixOf, type PolicyMatrix } from './matrix.js';
import { policySource } from './source.js';

export const policyLenses: Feature<'policy'> = ({ client, settings }) => ({
  'textDocument/codeLens': (document) => {
    if (!settings().codeLens.enabled) return null;
    const command = client.commands.has('omnigraph.showPolicyMatrix') ? 'omnigraph.showPolicyMatrix' : '';
    return lensesOf(document).map(({ range, title }) => ({
      range,
      command: { title, command, ...(command !== '' && { arguments: [document.uri] }) },
    }));
  },
});

function lensesOf(document: PolicyDocument): readonly { readonly range: CodeLens['range']; readonly title: string }[] {
  const matrix = matrixOf(document);
  if (matrix.problem !== null) return [];
  const { written } = policySource(document);
  const rules = document.checked.value?.rules.length ?? 0;
  const top = `Who may do what: ${counted(matrix.actors.length, 'actor')}, ${counted(rules, 'rule')}`;
  return [
    { range: rangeOf(document.lines.range(0, 0)), title: top },
    ...inFileOrder(written.groups).map(({ name, members }) => ({
      range: rangeOf(name.range),
      title: `${members.length === 1 ? 'It' : 'All of them'} may ${grantOfAll(
        matrix,
        members.map(({ value }) => value),
      )}`,
    })),
  ];
}

const inFileOrder = (groups: WrittenBundle['groups']): WrittenBundle['groups'] =>
  [...groups].sort((left, right) => left.name.range.offset - right.name.range.offset);

/** What every one of some actors may do, through whatever group. */
function grantOfAll({ actors }: PolicyMatrix, members: readonly string[]): string {
  const rows = actors.filter(({ actor }) => members.includes(actor));
  const [first] = rows;
  if (first === undefined) return 'do nothing';
  const shared = first.cells.filter(
    (cell, at) => cell.allowed && rows.every(({ cells }) => cells[at]?.allowed === true),
  );
  const byAction = new Map<string, BranchClass[]>();
  for (const { action, branch } of shared) byAction.set(action, [...(byAction.get(action) ?? []), branch]);
  const granted = [...byAction].map(([action, classes]) => `${action}${limitOf(action, classes, first.cells)}`);
  return granted.length === 0 ? 'do nothing' : granted.join(', ');
}

function limitOf(action: string, allowed: readonly BranchClass[], cells: readonly MatrixCell[]): string {
  const possible = cells.filter((cell) => cell.action === action).map(({ branch }) => branch);
  if (possible.every((branch) => allowed.includes(branch))) return '';
  const named = allowed.filter((branch) => branch !== 'none');
  return named.length === 1 ? ` (${named[0]})` : '';
}

const counted = (count: number, one: string): string => `${count} ${count === 1 ? one : `${one}s`}`;
