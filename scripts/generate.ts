/**
 * `node scripts/generate.ts [--check]` writes the files that follow from others: from the schema of a run's
 * configuration the JSON schema that completes `*.sequence-lab.json` files, and that of sweep files, the settings in package.json and their
 * texts in package.nls.json; from the tools of agents those in package.json; from the table of data formats the file names for which menus show a command; from the
 * address of the repository the links in package.json; from all of these and the help of the command line the
 * references in docs/; from the glossary its page; from the readers the matrix of formats; from the tools of agents their reference; from the results of the tests the matrix of models in other formats; from the import rules the layering in ARCHITECTURE.md; from the strings
 * of the source the bundle that is translated; from the TeX of the pages' formulas their MathML; from their AssemblyScript source the products of vectors in float64. With --check nothing is written, and the command fails if a file is out of date.
 */
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describeConditions } from '../src/config/applicability.ts';
import { configFields, configJsonSchema, type ConfigField } from '../src/config/fields.ts';
import { sweepJsonSchema } from '../src/sweeps/schema.ts';
import { vectorProductsJson } from './kernels/build.ts';
import { editorTools, editorToolTexts, TOOL_TEXTS } from './lib/editorTools.ts';
import { glossaryPage } from './lib/glossary.ts';
import { withFormats } from './lib/formats.ts';
import { withTools } from './lib/agentTools.ts';
import { withMatrix } from './lib/interopMatrix.ts';
import { formulasJson } from './lib/formulas.ts';
import { withLayering } from './lib/layering.ts';
import { main } from './lib/main.ts';
import { root } from './lib/paths.ts';
import { type MenuItem, withFileNames } from './lib/menus.ts';
import { commandReference, configurationReference, type ReferenceManifest, type Texts } from './lib/references.ts';
import { repository } from './lib/repository.ts';
import { stringsBundle } from './lib/strings.ts';

/** Title of the group of generated settings in package.json. */
const GROUP = '%settings.run%';
const TEXT_PREFIX = 'settings.run.';

interface Manifest {
  readonly contributes: {
    configuration: { title: string; properties: Record<string, object> }[];
    menus: Record<string, MenuItem[]>;
    languageModelTools?: readonly object[];
  };
}

function toText(json: unknown): string {
  return `${JSON.stringify(json, undefined, 2)}\n`;
}

function setting({ path, ...field }: ConfigField): object {
  return { ...field, description: `%${TEXT_PREFIX}${path}%`, scope: 'resource' };
}

/** Replaces the group of generated settings in package.json. */
function withSettings(manifest: Manifest): Manifest {
  const properties = Object.fromEntries(configFields.map((field) => [`sequenceLab.${field.path}`, setting(field)]));
  const configuration = manifest.contributes.configuration.map((group) =>
    group.title === GROUP ? { ...group, properties } : group,
  );
  if (!configuration.some(({ title }) => title === GROUP))
    throw new Error(`package.json has no group of settings titled "${GROUP}".`);
  return { ...manifest, contributes: { ...manifest.contributes, configuration } };
}

/** Replaces the file name patterns of the menus in package.json. */
function withMenus(manifest: Manifest): Manifest {
  const { contributes } = manifest;
  return { ...manifest, contributes: { ...contributes, menus: withFileNames(contributes.menus) } };
}

/** Replaces the language model tools in package.json. */
function withEditorTools(manifest: Manifest): Manifest {
  return { ...manifest, contributes: { ...manifest.contributes, languageModelTools: editorTools() } };
}

/** Replaces the links in package.json that depend on the address of the repository. */
function withLinks(manifest: Manifest): object {
  return {
    ...manifest,
    repository: { type: 'git', url: `${repository}.git` },
    bugs: { url: `${repository}/issues` },
    homepage: `${repository}#readme`,
    qna: `${repository}/discussions`,
  };
}

/** Replaces the generated texts in package.nls.json. */
function withTexts(texts: Record<string, string>): Record<string, string> {
  const written = Object.entries(texts).filter(
    ([key]) => ![TEXT_PREFIX, TOOL_TEXTS].some((each) => key.startsWith(each)),
  );
  return Object.fromEntries([
    ...written,
    ...editorToolTexts(),
    ...configFields.map(({ path, description }) => [`${TEXT_PREFIX}${path}`, description + appliesIf(path)]),
  ]);
}

interface SchemaNode {
  readonly description?: string;
  readonly properties?: Readonly<Record<string, SchemaNode>>;
  readonly oneOf?: readonly SchemaNode[];
}

/** A schema whose descriptions say on which runs each field has an effect. */
function withApplicability(node: SchemaNode, path = ''): SchemaNode {
  const { description, properties, oneOf } = node;
  const nested = (name: string) => (path === '' ? name : `${path}.${name}`);
  return {
    ...node,
    ...(description !== undefined && { description: description + appliesIf(path) }),
    ...(properties && {
      properties: Object.fromEntries(
        Object.entries(properties).map(([name, child]) => [name, withApplicability(child, nested(name))]),
      ),
    }),
    ...(oneOf && { oneOf: oneOf.map((child) => withApplicability(child, path)) }),
  };
}

/** Sentence about the runs that a setting has an effect on; empty for all runs. */
function appliesIf(path: string): string {
  const conditions = describeConditions(path);
  return conditions === undefined ? '' : ` Applies if ${conditions}.`;
}

/** Reads package.json and its texts, which are generated before the references. */
async function reference(
  write: (manifest: ReferenceManifest, texts: Texts) => string | Promise<string>,
): Promise<string> {
  const [manifest = '', texts = ''] = await Promise.all(
    ['package.json', 'package.nls.json'].map((name) => readFile(join(root, name), 'utf8')),
  );
  return write(JSON.parse(manifest) as ReferenceManifest, JSON.parse(texts) as Texts);
}

/** Generated files in the order of generation, each with the function that updates its current text. */
const files: Record<string, (present: string) => string | Promise<string>> = {
  'media/sequence-lab.schema.json': () => toText(withApplicability(configJsonSchema)),
  'media/sequence-lab-sweep.schema.json': () => toText(sweepJsonSchema()),
  'package.json': (present) =>
    toText(withLinks(withEditorTools(withMenus(withSettings(JSON.parse(present) as Manifest))))),
  'package.nls.json': (present) => toText(withTexts(JSON.parse(present) as Record<string, string>)),
  'docs/configuration.md': () => reference(configurationReference),
  'docs/commands.md': () => reference(commandReference),
  'docs/glossary.md': glossaryPage,
  'docs/tasks-and-data.md': withFormats,
  'docs/interop.md': withMatrix,
  'docs/agents.md': withTools,
  'ARCHITECTURE.md': withLayering,
  'l10n/bundle.l10n.json': stringsBundle,
  'webview/math/formulas.json': formulasJson,
  'src/kernels/vectorProducts.json': vectorProductsJson,
};

await main(async () => {
  const stale: string[] = [];
  for (const [name, generate] of Object.entries(files)) {
    const path = join(root, name);
    const present = await readFile(path, 'utf8').catch(() => '');
    const wanted = await generate(present);
    if (present === wanted) continue;
    stale.push(name);
    if (!process.argv.includes('--check')) await writeFile(path, wanted);
  }
  if (stale.length > 0 && process.argv.includes('--check')) {
    throw new Error(
      `Out of date with what they are generated from: ${stale.join(', ')}. Run "npm run generate" and commit the result.`,
    );
  }
});
