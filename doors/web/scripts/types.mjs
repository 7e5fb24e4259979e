// Writes src/generated: the types of what goes over the wire, from the project's own schemas. Run by npm before everything
// that reads them, so they are never stale and never kept.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import openapiTS, { astToString } from 'openapi-typescript';

const schemas = new URL('../../../schemas/', import.meta.url);
const generated = new URL('../src/generated/', import.meta.url);
const read = (name) => JSON.parse(readFileSync(new URL(name, schemas), 'utf8'), tuples);

/** A fixed number of items as a tuple: the option `arrayLength` of openapi-typescript makes a wrong type of tables. */
function tuples(_, value) {
  if (!value?.minItems || value.minItems !== value.maxItems) return value;
  const { minItems, maxItems, items, ...rest } = value;
  return { ...rest, prefixItems: Array(minItems).fill(items) };
}

/** A definition with all that it refers to, as one text. */
function whole({ $defs }, name, seen = new Set()) {
  if (seen.has(name)) return '';
  seen.add(name);
  const text = JSON.stringify($defs[name]);
  const others = [...text.matchAll(/"#\/\$defs\/(\w+)"/g)].map(([, other]) => whole({ $defs }, other, seen));
  return text + others.join('');
}

/** The schemas of several files as one; a definition that differs between them is called after its file too. */
function together(files) {
  const all = Object.entries(files);
  const schemas = {};
  for (const [file, schema] of all) {
    const named = (name) => {
      const shared = all.every(([, other]) => !(name in other.$defs) || whole(other, name) === whole(schema, name));
      return shared ? name : file + name;
    };
    const { $defs, $schema, ...root } = JSON.parse(
      JSON.stringify(schema).replace(/"#\/\$defs\/(\w+)"/g, (_, name) => `"#/components/schemas/${named(name)}"`),
    );
    for (const [name, definition] of Object.entries($defs)) schemas[named(name)] = definition;
    schemas[file] = root;
  }
  return schemas;
}

/** `written`: what has a default is there all the same, as in files that the program writes. */
async function write(name, schemas, { written }) {
  const document = { openapi: '3.1.0', info: { title: name, version: '0' }, paths: {}, components: { schemas } };
  const types = await openapiTS(document, {
    rootTypes: true,
    rootTypesNoSchemaPrefix: true,
    defaultNonNullable: written,
  });
  writeFileSync(new URL(`${name}.ts`, generated), `// Made by scripts/types.mjs.\n${astToString(types)}`);
}

mkdirSync(generated, { recursive: true });
await write('api', read('openapi.json').components.schemas, { written: false });
const files = { Reading: 'reading', Assessment: 'assessment', Plan: 'plan', Outcome: 'outcome', Fading: 'fading', Agreement: 'agreement' };
const results = Object.entries(files).map(([name, file]) => [name, read(`${file}.schema.json`)]);
await write('results', together(Object.fromEntries(results)), { written: true });
