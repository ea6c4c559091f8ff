/**
 * A writer that kills itself, really, just before or just after its commit becomes visible.
 * Arguments: graph root · `before` or `after` · `load` or `apply` · the text to load or apply.
 */

import { graphLocation, openGraph } from '../../../server/src/engine/index.js';
import type { ObjectStore } from '../../../server/src/storage/index.js';

const [root = '', moment = '', action = '', text = ''] = process.argv.slice(2);

const location = graphLocation(root, {});
const graph = await openGraph({ ...location, store: deadly(location.store) }, { mode: 'write' });
if (action === 'load') await graph.load({ source: text, mode: 'merge', branch: 'main', actor: 'late' });
else await graph.applySchema(text, { actor: 'late', allowDataLoss: false });

function deadly(store: ObjectStore): ObjectStore {
  return new Proxy(store, {
    get(target, name) {
      const member: unknown = Reflect.get(target, name);
      if (typeof member !== 'function') return member;
      if (name !== 'putIfAbsent') return member.bind(target);
      return async (key: string, bytes: Uint8Array): Promise<boolean> => {
        if (key.startsWith('log/') && moment === 'before') process.kill(process.pid, 'SIGKILL');
        const created = await target.putIfAbsent(key, bytes);
        if (created && key.startsWith('log/') && moment === 'after') process.kill(process.pid, 'SIGKILL');
        return created;
      };
    },
  });
}
