/** YAML with places: the syntax tree, and a strict reader over it. */
export { readYaml, StrictMap, type YamlSource } from './strict-yaml.js';
export { type Located, parseYaml, rangeOf, resolveAlias } from './syntax.js';
