/**
 * A webview panel beside the editor: one per kind, shown again rather than opened twice. Its page runs only our own
 * script under a strict content security policy, takes its colours from the theme, and talks in messages.
 */
import * as vscode from 'vscode';

export interface PanelKind {
  readonly viewType: string;
  /** Name of its script in `dist/webview`. */
  readonly script: string;
  readonly icon: string;
}

export interface Panel<Message> {
  readonly isOpen: boolean;
  /** Shows the panel with its newest message; a page that is (re)built gets it again. */
  show(title: string, message: Message): void;
  /** The same without bringing a closed panel back. */
  update(message: Message): void;
  dispose(): void;
}

export function createPanel<Message extends object, Said>(
  { extensionUri }: vscode.ExtensionContext,
  kind: PanelKind,
  onMessage: (said: Said) => void,
): Panel<Message> {
  let panel: vscode.WebviewPanel | undefined;
  let latest: Message | undefined;
  const post = (): void => {
    if (latest !== undefined) void panel?.webview.postMessage(latest);
  };
  return {
    get isOpen() {
      return panel !== undefined;
    },
    show: (title, message) => {
      latest = message;
      if (panel === undefined) {
        panel = open(title);
      } else {
        panel.title = title;
        panel.reveal(undefined, true);
        post();
      }
    },
    update: (message) => {
      latest = message;
      post();
    },
    dispose: () => panel?.dispose(),
  };

  function open(title: string): vscode.WebviewPanel {
    const root = vscode.Uri.joinPath(extensionUri, 'dist', 'webview');
    const opened = vscode.window.createWebviewPanel(
      kind.viewType,
      title,
      { viewColumn: vscode.ViewColumn.Beside, preserveFocus: true },
      { enableScripts: true, localResourceRoots: [root], retainContextWhenHidden: true },
    );
    opened.iconPath = vscode.Uri.joinPath(extensionUri, 'media', kind.icon);
    opened.onDidDispose(() => {
      panel = undefined;
    });
    opened.webview.onDidReceiveMessage((said: Said | { readonly type: 'ready' }) => {
      if (typeof said === 'object' && said !== null && 'type' in said && said.type === 'ready') post();
      else onMessage(said as Said);
    });
    opened.webview.html = pageOf(opened.webview, root, kind.script, title);
    return opened;
  }
}

function pageOf(webview: vscode.Webview, root: vscode.Uri, script: string, title: string): string {
  const at = (name: string): string => webview.asWebviewUri(vscode.Uri.joinPath(root, name)).toString();
  const nonce = randomNonce();
  const policy = [
    "default-src 'none'",
    `style-src ${webview.cspSource} 'nonce-${nonce}'`,
    `img-src ${webview.cspSource} data: blob:`,
    `script-src 'nonce-${nonce}'`,
    "form-action 'none'",
    "base-uri 'none'",
  ].join('; ');
  return `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<link rel="stylesheet" href="${at('panel.css')}">
<title>${escaped(title)}</title>
</head>
<body>
<main id="root" tabindex="-1"><p role="status">Loading…</p></main>
<script nonce="${nonce}" src="${at(`${script}.js`)}"></script>
</body>
</html>`;
}

function randomNonce(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(18));
  return btoa(String.fromCharCode(...bytes));
}

const escaped = (text: string): string => text.replace(/[&<>"]/g, (character) => `&#${character.charCodeAt(0)};`);
