/** What type-checks and cannot be executed, refused before any row is read. query-language.md §§3.7, 5.6, 7.3, 7.4. */
import type { Expr } from 'omnigraph-language';
import { GraphError } from '../graph-error.js';

export type Place = 'projection' | 'ordering' | 'aggregate argument';

export function unsupported(expr: Expr, place: Place): GraphError {
  if (expr.kind === 'nearest' || expr.kind === 'bm25' || expr.kind === 'rrf') {
    return new GraphError(
      'bad_request',
      `unsupported ${place} expression: ranked search (${expr.kind}) is not available yet; ` +
        'use search, match_text or fuzzy in the match block',
    );
  }
  return new GraphError('bad_request', `unsupported ${place} expression: ${describe(expr)}; ${REMEDIES[place]}`);
}

const REMEDIES: Readonly<Record<Place, string>> = {
  projection: 'return a property, a variable, a parameter, a literal or one aggregate of these',
  ordering: 'order by a property or by the alias of a returned column',
  'aggregate argument': 'aggregate a property, a variable, a parameter or a literal',
};

function describe(expr: Expr): string {
  switch (expr.kind) {
    case 'property':
      return `$${expr.variable}.${expr.property}`;
    case 'variable':
      return `$${expr.variable}`;
    case 'param':
      return `$${expr.name}`;
    case 'alias':
      return `'${expr.name}', which names no column returned before`;
    case 'aggregate':
      return `${expr.function}(${describe(expr.argument)})`;
    case 'literal':
      return 'a literal';
    default:
      return `${expr.kind}(…)`;
  }
}
