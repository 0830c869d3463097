import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { strFromU8, strToU8, unzipSync, zipSync } from 'fflate';
import { outFolder } from '../../scripts/lib/paths.ts';

const MANIFEST = 'extension/package.json';

/**
 * Packs the extension again with `browser` as its only entry, so that a workbench with a server runs it in the extension
 * host of the browser.
 * @param vsix the packaged extension
 * @returns the path of the other VSIX
 */
export async function packForWebOnly(vsix: string): Promise<string> {
  const files = unzipSync(await readFile(vsix));
  const manifest = JSON.parse(strFromU8(files[MANIFEST] ?? new Uint8Array())) as {
    main?: string;
    extensionKind?: string[];
    browser?: string;
  };
  delete manifest.main;
  delete manifest.extensionKind;
  if (manifest.browser === undefined) throw new Error(`The package ${vsix} has no entry for browsers.`);
  const path = join(outFolder, 'web', 'sequence-lab-web.vsix');
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, zipSync({ ...files, [MANIFEST]: strToU8(JSON.stringify(manifest)) }, { level: 1 }));
  return path;
}
