/** What a graph URI says about itself, without looking anywhere (cli.md §5.1). */
export const isLocalUri = (uri: string): boolean => !uri.includes('://') || uri.startsWith('file://');

export const isHttpUri = (uri: string): boolean => /^https?:\/\//.test(uri);

export type Access = 'served' | 'direct, local' | 'direct, remote';

export const accessOf = (uri: string): Access =>
  isHttpUri(uri) ? 'served' : isLocalUri(uri) ? 'direct, local' : 'direct, remote';
