import path from 'node:path';
import { openDiskStore, openMemoryStore } from 'omnigraph-server/storage';
import { describeObjectStore } from '../../support/object-store-conformance.js';
import { temporaryFolder } from '../../support/temporary-folder.js';

describeObjectStore('memory', async () => openMemoryStore());
describeObjectStore('local disk', async () => openDiskStore(path.join(await temporaryFolder(), 'not', 'yet', 'there')));
