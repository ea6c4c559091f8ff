/** What the language server in a worker asks of its client. */
import type { FolderListing, FolderRead } from 'omnigraph-language';

export const READ_FILE = 'omnigraph/client/readFile';
export const LIST_FILES = 'omnigraph/client/listFiles';

export type FileReadAnswer = FolderRead;
export type FileListAnswer = FolderListing;
