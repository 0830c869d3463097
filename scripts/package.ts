/** `npm run package` builds for production and writes the extension as one VSIX file. */
import { stat } from 'node:fs/promises';
import { createVSIX } from '@vscode/vsce';
import { main } from './lib/main.ts';
import { root } from './lib/paths.ts';
import { build, vsixFile } from './lib/product.ts';

await main(async () => {
  await build('--production');
  // Everything the extension needs is bundled; native TensorFlow is too large to ship and is found at run time.
  // What the README links to lies in the package beside it; there is no repository to lead to.
  await createVSIX({ cwd: root, packagePath: vsixFile, dependencies: false, allowMissingRepository: true, rewriteRelativeLinks: false });
  const { size } = await stat(vsixFile);
  console.log(`${vsixFile}: ${(size / 1e6).toFixed(2)} MB`);
});
