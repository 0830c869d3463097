/**
 * `npm run package [-- --target linux-x64]` builds for production and writes the extension as one VSIX file. One for a
 * platform carries that platform's build of Dawn, so that the backend webgpu works without anything being installed;
 * the universal one does not.
 */
import { cp, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { createVSIX } from '@vscode/vsce';
import { main } from './lib/main.ts';
import { root } from './lib/paths.ts';
import { build, vsixFile } from './lib/product.ts';

/** Builds of the npm package `webgpu`, by the names that VS Code has for platforms. */
const DAWN: Readonly<Record<string, string>> = {
  'linux-x64': 'linux-x64',
  'linux-arm64': 'linux-arm64',
  'win32-x64': 'win32-x64',
  'win32-arm64': 'win32-arm64',
  'darwin-x64': 'darwin-universal',
  'darwin-arm64': 'darwin-universal',
};

await main(async () => {
  const { target } = parseArgs({ options: { target: { type: 'string' } } }).values;
  const dawn = target === undefined ? undefined : DAWN[target];
  if (target !== undefined && dawn === undefined)
    throw new Error(`There is no build of Dawn for "${target}". Targets are ${Object.keys(DAWN).join(', ')}.`);
  await build('--production');
  // On Windows it comes with the libraries that it loads.
  if (dawn !== undefined)
    await cp(join(root, 'node_modules', 'webgpu', 'dist', dawn), join(root, 'dist', 'dawn'), { recursive: true });
  const packagePath = target === undefined ? vsixFile : vsixFile.replace(/\.vsix$/, `-${target}.vsix`);
  // Everything else that the extension needs is bundled. Native TensorFlow is too large to ship and is found at run
  // time. vsce turns the relative links of the README into links to the repository.
  await createVSIX({
    cwd: root,
    packagePath,
    ...(target !== undefined && { target }),
    dependencies: false,
  });
  const { size } = await stat(packagePath);
  console.log(`${packagePath}: ${(size / 1e6).toFixed(2)} MB`);
});
