import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { Metafile } from 'esbuild';
import { root } from './paths.ts';

/** A package whose code is in the bundles. */
interface ThirdPartyPackage {
  readonly name: string;
  readonly version: string;
  /** SPDX expression of its license. */
  readonly license: string;
  readonly author: string;
  /** Its license and notices. */
  readonly text: string;
}

/** Facts of a `package.json`. */
interface Manifest {
  readonly name: string;
  readonly version: string;
  readonly license?: string;
  readonly author?: string | { readonly name: string };
}

const NOTICE_FILE = /^(licen[cs]e|copying|notice|copyright|third-?party)[^/]*$/i;
const RULE = '-'.repeat(80);

/**
 * The packages that bundles contain, by name: those of which esbuild kept at least one byte.
 * @param more names of packages whose code is shipped otherwise, such as in WebAssembly
 * @throws Error that names a package without a license
 */
export async function thirdPartyPackages(
  metafiles: readonly Metafile[],
  more: readonly string[] = [],
): Promise<ThirdPartyPackage[]> {
  const folders = new Set(more.map((name) => join(root, 'node_modules', name)));
  for (const { inputs } of metafiles.flatMap(({ outputs }) => Object.values(outputs)))
    for (const [path, { bytesInOutput }] of Object.entries(inputs)) {
      const folder = bytesInOutput > 0 ? packageFolder(path) : undefined;
      if (folder !== undefined) folders.add(resolve(root, folder));
    }
  const packages = await Promise.all([...folders].map(readPackage));
  const unique = new Map(packages.map((each) => [`${each.name}@${each.version}`, each]));
  return [...unique.values()].sort((a, b) => (a.name + a.version < b.name + b.version ? -1 : 1));
}

/** The folder of the package that a file of a bundle is from; undefined for files of this project. */
function packageFolder(path: string): string | undefined {
  // esbuild replaces a module that a platform does not have by an empty one.
  if (path.startsWith('(disabled)')) return undefined;
  return /^.*node_modules\/(?:@[^/]+\/)?[^/]+/.exec(path)?.[0];
}

async function readPackage(folder: string): Promise<ThirdPartyPackage> {
  const {
    name,
    version,
    license,
    author = '',
  } = JSON.parse(await readFile(join(folder, 'package.json'), 'utf8')) as Manifest;
  if (license === undefined) throw new Error(`The package ${name} names no license.`);
  const writer = typeof author === 'string' ? author : author.name;
  return { name, version, license, author: writer, text: await licenseText(folder, { name, license, writer }) };
}

/** The files of a package with its license and notices, or the text of its license if the package has none. */
async function licenseText(
  folder: string,
  { name, license, writer }: { readonly name: string; readonly license: string; readonly writer: string },
): Promise<string> {
  const files = (await readdir(folder)).filter((file) => NOTICE_FILE.test(file)).sort();
  if (files.length > 0)
    return (await Promise.all(files.map((file) => readFile(join(folder, file), 'utf8')))).map(tidy).join('\n\n');
  const copyright = `Copyright ${writer === '' ? `the authors of ${name}` : writer}`;
  const texts = license.replaceAll(/[()]/g, '').split(/ (?:AND|OR) /);
  const read = async (id: string) => readFile(join(root, 'scripts', 'licenses', `${id}.txt`), 'utf8');
  return [copyright, ...(await Promise.all(texts.map(read))).map(tidy)].join('\n\n');
}

function tidy(text: string): string {
  return text.replaceAll('\r\n', '\n').trim();
}

/** `ThirdPartyNotices.txt`: each package with its license. Equal texts are printed once. */
export function noticesText(packages: readonly ThirdPartyPackage[]): string {
  const byText = new Map<string, ThirdPartyPackage[]>();
  for (const each of packages) byText.set(each.text, [...(byText.get(each.text) ?? []), each]);
  const sections = [...byText].map(([text, group]) =>
    [RULE, ...group.map(({ name, version, license }) => `${name} ${version} (${license})`), '', text].join('\n'),
  );
  return `${['Sequence Lab contains code of these packages, under their own licenses.', ...sections].join('\n\n')}\n`;
}

/** A software bill of materials in CycloneDX 1.6 (https://cyclonedx.org/docs/1.6/json). It has no time or serial number. */
export function billOfMaterials(packages: readonly ThirdPartyPackage[], product: Manifest): string {
  const component = ({ name, version, license }: { name: string; version: string; license?: string }) => ({
    type: 'library',
    'bom-ref': purl(name, version),
    name,
    version,
    purl: purl(name, version),
    ...(license !== undefined && { licenses: [{ expression: license }] }),
  });
  const content = {
    $schema: 'http://cyclonedx.org/schema/bom-1.6.schema.json',
    bomFormat: 'CycloneDX',
    specVersion: '1.6',
    version: 1,
    metadata: {
      component: { ...component(product), type: 'application' },
    },
    components: packages.map(component),
    dependencies: [
      { ref: purl(product.name, product.version), dependsOn: packages.map(({ name, version }) => purl(name, version)) },
    ],
  };
  return `${JSON.stringify(content, undefined, 2)}\n`;
}

/** Identifier of a package of npm (https://github.com/package-url/purl-spec). */
function purl(name: string, version: string): string {
  return `pkg:npm/${name.replace('@', '%40')}@${version}`;
}

/** Writes `ThirdPartyNotices.txt` and `sbom.cdx.json` into a folder. */
export async function writeThirdParty(
  folder: string,
  metafiles: readonly Metafile[],
  more: readonly string[] = [],
): Promise<void> {
  const packages = await thirdPartyPackages(metafiles, more);
  const product = JSON.parse(await readFile(join(root, 'package.json'), 'utf8')) as Manifest;
  await writeFile(join(folder, 'ThirdPartyNotices.txt'), noticesText(packages));
  await writeFile(join(folder, 'sbom.cdx.json'), billOfMaterials(packages, product));
}
