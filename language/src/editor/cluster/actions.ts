/** Quick fixes for `cluster.yaml`. Each is found from the code and the place of a problem, never from its words. */
import {
  type CodeAction,
  CodeActionKind,
  type Diagnostic as LspDiagnostic,
  type TextEdit,
  type WorkspaceEdit,
} from 'vscode-languageserver';
import { EMBEDDING_KINDS } from '../../cluster/index.js';
import { nearest, type Span } from '../../lexis/index.js';
import type { ClusterDocument } from '../documents.js';
import type { ClientFacts, Feature } from '../feature.js';
import { rangeOfSpan } from '../positions.js';
import type { Workspace } from '../workspace.js';
import { entryAt, keysAt, quickFix, removal, unknownKey } from '../yaml/fixes.js';
import { placeAt, type YamlPlace } from '../yaml/tree.js';
import { namedFiles } from './files.js';
import { CLUSTER_SHAPE } from './keys.js';
import { declaredNames, nameAt, nameOccurrences } from './names.js';
import { clusterYaml } from './yaml-text.js';

export const clusterActions: Feature<'cluster'> = ({ workspace, client }) => ({
  announces: { codeActionKinds: [CodeActionKind.QuickFix] },
  'textDocument/codeAction': async (document, { context: { diagnostics } }) => {
    const fixes = await Promise.all(diagnostics.map((each) => fixesFor(each, document, workspace, client)));
    return fixes.flat();
  },
});

async function fixesFor(
  diagnostic: LspDiagnostic,
  document: ClusterDocument,
  workspace: Workspace,
  client: ClientFacts,
): Promise<readonly CodeAction[]> {
  const offset = document.lines.offset(diagnostic.range.start);
  const place = placeAt(clusterYaml(document), offset);
  const fix: Fix = (...what) => quickFix(diagnostic, document, ...what);
  const replace = (span: Span, text: string): TextEdit => ({ range: rangeOfSpan(span, document.lines), newText: text });
  const suggest = (span: Span, word: string, candidates: readonly string[]): readonly CodeAction[] => {
    const near = nearest(word, candidates);
    const others = candidates.length <= MOST_OFFERED ? candidates.filter((each) => each !== near && each !== word) : [];
    return [
      ...(near === undefined ? [] : [fix(`Change to \`${near}\``, [replace(span, near)])]),
      ...others.map((each) => fix(`Change to \`${each}\``, [replace(span, each)], false)),
    ];
  };
  switch (diagnostic.code) {
    case 'invalid_cluster_yaml': {
      const fixes = place?.on === 'key' ? fixKey(document, place, fix) : [];
      return fixes.length > 0 ? fixes : missingVersion(document, fix);
    }
    case 'future_phase_field':
    case 'removed_streaming_declaration':
    case 'empty_metadata_name':
    case 'duplicate_yaml_key': {
      const yaml = clusterYaml(document);
      const entry = entryAt(yaml, offset);
      if (entry === undefined) return [];
      return [fix(`Remove \`${String(entry.path.at(-1))}\``, [removal(yaml, entry)])];
    }
    case 'dangling_graph_reference': {
      const name = nameAt(document, offset) ?? nameAt(document, offset + 'graph.'.length);
      return name === undefined ? [] : suggest(name, name.name, declaredNames(document, 'graph'));
    }
    case 'dangling_embedding_provider_reference': {
      const name = nameOccurrences(document).find(
        (each) => !each.isDeclaration && each.kind === 'provider' && each.offset >= offset,
      );
      return name === undefined ? [] : suggest(name, name.name, declaredNames(document, 'provider'));
    }
    case 'invalid_embedding_provider':
      return place === undefined
        ? []
        : suggest(spanOf(place), document.text.slice(place.start, place.end), EMBEDDING_KINDS);
    case 'unsupported_cluster_config_version':
      return place === undefined ? [] : [fix('Write `version: 1`', [replace(spanOf(place), '1')])];
    case 'unsupported_state_backend':
      return place === undefined ? [] : [fix('Write `cluster`', [replace(spanOf(place), 'cluster')])];
    case 'embedding_api_key_inline':
      return place === undefined
        ? []
        : [fix('Refer to an environment variable', [replace(spanOf(place), ENV_REFERENCE)])];
    case 'schema_file_missing':
    case 'query_file_missing':
    case 'policy_file_missing':
      return createFile(diagnostic, document, offset, workspace, client);
    default:
      return [];
  }
}

type Fix = (title: string, edits: readonly TextEdit[], isPreferred?: boolean) => CodeAction;

const MOST_OFFERED = 5;
const ENV_REFERENCE = `\${EMBEDDING_API_KEY}`;

const spanOf = ({ start, end }: YamlPlace): Span => ({ offset: start, length: end - start });

/** An unknown key that is nearly a known one, or one to remove. */
function fixKey(document: ClusterDocument, place: YamlPlace, fix: Fix): readonly CodeAction[] {
  const yaml = clusterYaml(document);
  const unknown = unknownKey(yaml, CLUSTER_SHAPE, place);
  if (unknown === undefined) return [];
  const { word, near } = unknown;
  const range = rangeOfSpan(spanOf(place), document.lines);
  const entry = entryAt(yaml, place.start);
  return [
    ...(near === undefined ? [] : [fix(`Change to \`${near}\``, [{ range, newText: near }])]),
    ...(entry === undefined ? [] : [fix(`Remove \`${word}\``, [removal(yaml, entry)], false)]),
  ];
}

function missingVersion(document: ClusterDocument, fix: Fix): readonly CodeAction[] {
  if (keysAt(clusterYaml(document), []).has('version')) return [];
  const range = rangeOfSpan({ offset: 0, length: 0 }, document.lines);
  return [fix('Add `version: 1`', [{ range, newText: 'version: 1\n' }])];
}

/** Creates the file that the configuration names, with the least that makes it valid. */
function createFile(
  diagnostic: LspDiagnostic,
  document: ClusterDocument,
  offset: number,
  workspace: Workspace,
  { documentChanges }: ClientFacts,
): readonly CodeAction[] {
  const file = namedFiles(document).find(({ start, end }) => offset >= start && offset <= end);
  if (file === undefined || !documentChanges || workspace.document(file.uri) !== undefined) return [];
  const edit: WorkspaceEdit = {
    documentChanges: [
      { kind: 'create', uri: file.uri, options: { ignoreIfExists: true } },
      {
        textDocument: { uri: file.uri, version: null },
        edits: [{ range: { start: START, end: START }, newText: firstText(String(diagnostic.code), file.name) }],
      },
    ],
  };
  return [
    { title: `Create ${file.name}`, kind: CodeActionKind.QuickFix, diagnostics: [diagnostic], isPreferred: true, edit },
  ];
}

const START = { line: 0, character: 0 };

function firstText(code: string, name: string): string {
  if (code === 'policy_file_missing') return 'version: 1\ngroups: {}\nrules: []\n';
  if (code === 'schema_file_missing') return 'node Thing {\n  name: String @key\n}\n';
  return `// Stored queries of ${name}\n`;
}
