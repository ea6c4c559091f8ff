import { describe, expect, test } from 'vitest';
import { confirmDestructiveWrite } from '../../cli/src/scope/confirm.js';
import { fakeTerminal } from './fake-terminal.js';

const REMOTE = 's3://bucket/g.omni';

interface Case {
  readonly uri: string;
  readonly consented?: boolean;
  readonly json?: boolean;
  readonly tty?: boolean;
  readonly answer?: string;
}

async function check({ uri, consented = false, json = false, tty = false, answer = '' }: Case) {
  const { terminal, output } = fakeTerminal({ stdinIsTty: tty, line: answer });
  const write = { label: 'load --mode overwrite', uri, consented, json };
  const problem = await confirmDestructiveWrite(write, terminal).then(
    () => undefined,
    (thrown: Error) => thrown.message,
  );
  return { problem, asked: output().stderr !== '', stdout: output().stdout };
}

describe('a destructive write goes ahead', () => {
  test.each<[string, Case, boolean]>([
    ['on a path', { uri: 'g.omni' }, false],
    ['on a file URI', { uri: 'file:///g.omni', json: true }, false],
    ['with --yes', { uri: REMOTE, consented: true, json: true }, false],
    ['after yes', { uri: REMOTE, tty: true, answer: 'yes' }, true],
    ['after y', { uri: REMOTE, tty: true, answer: ' Y ' }, true],
    ['on any other scheme after yes', { uri: 'gs://b/g', tty: true, answer: 'YES' }, true],
  ])('%s', async (_, given, asked) => {
    expect(await check(given)).toEqual({ problem: undefined, asked, stdout: '' });
  });
});

describe('a destructive write is refused', () => {
  test.each<[string, Case, string, boolean]>([
    ['without a terminal', { uri: REMOTE }, '--yes', false],
    ['under --json, terminal or not', { uri: REMOTE, json: true, tty: true }, '--yes', false],
    ['after anything else', { uri: REMOTE, tty: true, answer: 'yep' }, 'aborted', true],
    ['after an empty line', { uri: REMOTE, tty: true }, 'aborted', true],
  ])('%s', async (_, given, fact, asked) => {
    const { problem, ...rest } = await check(given);
    expect(problem).toContain(fact);
    if (!asked) expect(problem).toContain(REMOTE);
    expect(rest).toEqual({ asked, stdout: '' });
  });
});
