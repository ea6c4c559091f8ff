/** What every panel's page does: receive messages, make elements, follow the theme. */
interface HostApi {
  postMessage(message: object): void;
  getState(): unknown;
  setState(state: object): void;
}

declare function acquireVsCodeApi(): HostApi;

export const host: HostApi = acquireVsCodeApi();

/** Draws each message into the page, and again when the theme changes. */
export function onMessage<Message>(draw: (message: Message, root: HTMLElement) => void): void {
  const root = document.getElementById('root');
  if (root === null) throw new Error('the page has no root');
  let latest: Message | undefined;
  window.addEventListener('message', ({ data }: MessageEvent<Message>) => {
    latest = data;
    draw(data, root);
  });
  let theme = themeOf(document.body);
  new MutationObserver(() => {
    // Drawing may touch the body's classes itself.
    if (latest === undefined || themeOf(document.body) === theme) return;
    theme = themeOf(document.body);
    draw(latest, root);
  }).observe(document.body, { attributes: true, attributeFilter: ['data-vscode-theme-id'] });
  host.postMessage({ type: 'ready' });
}

const themeOf = ({ dataset }: HTMLElement): string => dataset.vscodeThemeId ?? '';

export type Child = Node | string | undefined | readonly Child[];

interface Attributes {
  readonly class?: string;
  readonly title?: string;
  readonly role?: string;
  readonly label?: string;
  readonly on?: Readonly<Record<string, (event: Event) => void>>;
  readonly [name: string]: unknown;
}

/** An element with attributes, listeners (`on`) and children; text is never read as HTML. */
export function element<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  { on = {}, label, ...attributes }: Attributes = {},
  ...children: readonly Child[]
): HTMLElementTagNameMap[K] {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === undefined || value === false) continue;
    made.setAttribute(name, value === true ? '' : String(value));
  }
  if (label !== undefined) made.setAttribute('aria-label', label);
  for (const [event, listener] of Object.entries(on)) made.addEventListener(event, listener);
  append(made, children);
  return made;
}

function append(parent: Node, children: readonly Child[]): void {
  for (const child of children) {
    if (child === undefined) continue;
    if (typeof child === 'string') parent.appendChild(document.createTextNode(child));
    else if (child instanceof Node) parent.appendChild(child);
    else append(parent, child);
  }
}

export const button = (text: string, run: () => void, attributes: Attributes = {}): HTMLButtonElement =>
  element('button', { type: 'button', ...attributes, on: { click: run } }, text);

/** A colour of the theme, for what cannot use CSS variables. */
export function themeColor(variable: string, fallback: string): string {
  const value = getComputedStyle(document.documentElement).getPropertyValue(variable).trim();
  return value === '' ? fallback : value;
}
