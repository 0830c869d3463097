import { cp, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { globSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { createVSIX } from '@vscode/vsce';
import { outFolder, root } from './paths.ts';

/** Files of the package for browsers, which has nothing that needs Node.js. */
const FILES = [
  'package.nls.json',
  'package.nls.*.json',
  'l10n/bundle.l10n.*.json',
  'README.md',
  'CHANGELOG.md',
  'LICENSE',
  'dist/web/*.{js,cjs}',
  'dist/webview/*.{js,css}',
  'dist/exported/{page,report,live}.{js,css}',
  'dist/kernels-{simd,relaxed}.wasm',
  'dist/{ThirdPartyNotices.txt,sbom.cdx.json}',
  'media/{icon.png,panel-*.svg,sequence-lab*}',
  'media/{samples,sentiment,skills,walkthrough,python,javascript}/**/*.*',
];

/** Fields of the manifest that a browser has no use for. */
const OF_NODE: ReadonlySet<string> = new Set(['main', 'extensionKind', 'scripts', 'devDependencies']);

/**
 * Writes the built extension as a VSIX for VS Code for the Web: `browser` is its only entry.
 * @param packagePath path of the VSIX
 */
export async function packForWeb(packagePath: string): Promise<void> {
  const folder = join(outFolder, 'web-package');
  await rm(folder, { recursive: true, force: true });
  for (const file of globSync(FILES, { cwd: root })) {
    await mkdir(dirname(join(folder, file)), { recursive: true });
    await cp(join(root, file), join(folder, file));
  }
  const manifest = JSON.parse(await readFile(join(root, 'package.json'), 'utf8')) as Record<string, unknown>;
  const web = Object.entries(manifest).filter(([name]) => !OF_NODE.has(name));
  await writeFile(join(folder, 'package.json'), JSON.stringify(Object.fromEntries(web)));
  await mkdir(dirname(packagePath), { recursive: true });
  await createVSIX({ cwd: folder, packagePath, target: 'web', dependencies: false });
}
