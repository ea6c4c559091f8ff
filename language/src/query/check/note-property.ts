import type { Word } from '../../lexis/index.js';
import type { EdgeType, NodeType } from '../../schema/catalog.js';
import type { CheckContext } from './context.js';

/** Records a mention of a property that `type` has. */
export function noteProperty(context: CheckContext, type: NodeType | EdgeType, { text: name, span }: Word): void {
  context.note({ kind: 'property', entity: type.kind, typeName: type.name, name, span });
}
