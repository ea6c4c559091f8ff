/** The language server as a browser worker: the same answers with no Node around. */
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright-core';
import { expect, test } from 'vitest';
import { installVsCode } from './install-vscode.js';

const WORKER = fileURLToPath(new URL('../../../extension/dist/browser/server.js', import.meta.url));

/** Runs in the page: starts the worker, opens a document with a mistake, returns what is published for it. */
const CONVERSATION = `(source) => new Promise((resolve, reject) => {
  const worker = new Worker(URL.createObjectURL(new Blob([source], { type: 'text/javascript' })));
  const tell = (method, params) => worker.postMessage({ jsonrpc: '2.0', method, params });
  const uri = 'memfs:/fleet/schema.pg';
  worker.onerror = (event) => reject(new Error(event.message));
  worker.onmessage = ({ data }) => {
    if (data.id === 1 && data.method === undefined) {
      tell('initialized', {});
      const text = 'node Ship { imo: Strin @key }';
      tell('textDocument/didOpen', { textDocument: { uri, languageId: 'omnigraph-schema', version: 1, text } });
    } else if (data.method === 'textDocument/publishDiagnostics' && data.params.uri === uri) {
      resolve(data.params.diagnostics.map(({ message }) => message));
    } else if (data.id !== undefined && data.method !== undefined) {
      const asksForFiles = data.method.startsWith('omnigraph/client/');
      const result = asksForFiles ? { kind: 'missing', message: 'no such file' } : null;
      worker.postMessage({ jsonrpc: '2.0', id: data.id, result });
    }
  };
  const params = { processId: null, rootUri: null, capabilities: {}, workspaceFolders: null };
  worker.postMessage({ jsonrpc: '2.0', id: 1, method: 'initialize', params });
})`;

test('a mistake is found in a browser worker', async () => {
  const { chromium: executablePath } = await installVsCode();
  const browser = await chromium.launch({ executablePath, args: ['--no-sandbox', '--disable-gpu'] });
  try {
    const page = await browser.newPage();
    const source = await readFile(WORKER, 'utf8');
    const messages = await page.evaluate<readonly string[]>(`(${CONVERSATION})(${JSON.stringify(source)})`);
    expect(messages.join('\n')).toContain('Strin');
  } finally {
    await browser.close();
  }
});
