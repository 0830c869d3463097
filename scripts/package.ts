/**
 * `npm run package [-- --target linux-x64]` builds for production and writes the extension as a VSIX file. A VSIX for a
 * platform contains the Dawn build of that platform, so that the backend webgpu works without an installation; the
 * universal VSIX does not, and that for `web` only has what runs in a browser. The bill of materials (CycloneDX) is in the VSIX and next to it. Two builds of a commit are
 * equal byte for byte: the times in the archive are that of the commit.
 */
import { copyFile, cp, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { createVSIX } from '@vscode/vsce';
import { main } from './lib/main.ts';
import { run } from './lib/run.ts';
import { root } from './lib/paths.ts';
import { build, vsixFile } from './lib/product.ts';
import { packForWeb } from './lib/webVsix.ts';

/** Dawn builds of the npm package `webgpu`, by VS Code platform name. */
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
  if (target !== undefined && target !== 'web' && dawn === undefined)
    throw new Error(`There is no package for "${target}". Targets: ${[...Object.keys(DAWN), 'web'].join(', ')}.`);
  await build('--production', ...(dawn === undefined ? [] : ['--dawn']));
  // The Windows build includes the libraries that it loads.
  if (dawn !== undefined)
    await cp(join(root, 'node_modules', 'webgpu', 'dist', dawn), join(root, 'dist', 'dawn'), { recursive: true });
  const packagePath = target === undefined ? vsixFile : vsixFile.replace(/\.vsix$/, `-${target}.vsix`);
  process.env['SOURCE_DATE_EPOCH'] ??= await commitTime();
  // The times of an archive have no time zone.
  process.env['TZ'] = 'UTC';
  // All other dependencies are bundled. Native TensorFlow is too large to ship and is located at run time. vsce turns
  // the relative links of the README into links to the repository.
  if (target === 'web') await packForWeb(packagePath);
  else await createVSIX({ cwd: root, packagePath, ...(target !== undefined && { target }), dependencies: false });
  await copyFile(join(root, 'dist', 'sbom.cdx.json'), packagePath.replace(/\.vsix$/, '.cdx.json'));
  const { size } = await stat(packagePath);
  console.log(`${packagePath}: ${(size / 1e6).toFixed(2)} MB`);
});

/** Seconds from 1970 to the last commit; to 1980, the first year of an archive, without one. */
async function commitTime(): Promise<string> {
  const time = await run('git', ['log', '-1', '--format=%ct'], { cwd: root, quiet: true }).catch(() => '');
  return time.trim() || '315532800';
}
