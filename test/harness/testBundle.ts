import { build, type BuildOptions } from 'esbuild';
import { globSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { root } from '../../scripts/lib/paths.ts';
import { run } from '../../scripts/lib/run.ts';

const MANIFEST = {
  name: 'sequence-lab-tests',
  publisher: 'sequence-lab',
  version: '0.0.1',
  description: 'Runs the tests of Sequence Lab inside an extension host.',
  engines: { vscode: '^1.107.0' },
  extensionKind: ['workspace'],
  capabilities: { untrustedWorkspaces: { supported: true } },
  main: './runner.cjs',
  activationEvents: ['onStartupFinished'],
};

const COMMON: BuildOptions = {
  bundle: true,
  platform: 'node',
  target: 'node22',
  format: 'cjs',
  external: ['vscode'],
  sourcemap: 'inline',
  logLevel: 'warning',
};

/**
 * Bundles every test file (`*.test.ts`) under `tests` with the test extension into `folder`.
 *
 * @returns the number of test files
 * @throws Error if there are none: a suite without files must not pass
 */
export async function bundleTests(tests: string, folder: string): Promise<number> {
  const files = globSync('**/*.test.ts', { cwd: tests }).sort();
  if (files.length === 0) throw new Error(`${tests} contains no *.test.ts`);
  const contents = files.map((file) => `import ${JSON.stringify(`./${file}`)};`).join('\n');
  // The bundle moves when it is installed; with `sourceRoot`, stack traces still name the test files.
  const stdin = { contents, resolveDir: tests };
  await build({ ...COMMON, stdin, outfile: join(folder, 'tests.cjs'), sourceRoot: `${folder}/` });
  const runner = join(import.meta.dirname, 'testExtension.ts');
  await build({ ...COMMON, entryPoints: [runner], outfile: join(folder, 'runner.cjs') });
  await writeFile(join(folder, 'package.json'), JSON.stringify(MANIFEST));
  return files.length;
}

/** Packs the output of `bundleTests` in `folder` and returns the VSIX. */
export async function packTests(folder: string): Promise<string> {
  const vsix = join(folder, 'tests.vsix');
  const packageArguments = [
    'package',
    '--no-dependencies',
    '--allow-missing-repository',
    '--skip-license',
    '--out',
    vsix,
  ];
  await run(process.execPath, [join(root, 'node_modules', '@vscode', 'vsce', 'vsce'), ...packageArguments], {
    cwd: folder,
    quiet: true,
  });
  return vsix;
}
