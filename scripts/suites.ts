import { existsSync } from 'node:fs';
import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Counts } from '../test/harness/counts.ts';
import { runInDesktop } from '../test/harness/desktop.ts';
import { runInExtensionHost } from '../test/harness/extensionHost.ts';
import { outFolder, root } from './lib/paths.ts';
import { build, vsixFile } from './lib/product.ts';
import { CommandFailed, run } from './lib/run.ts';
import { ensureTensorflow, tensorflowPackage } from './lib/tensorflow.ts';
import { ensureTorch } from './lib/torch.ts';
import { Unavailable } from './lib/unavailable.ts';
import { ensureVulkan } from './lib/vulkan.ts';

/** One part of `npm test`. It throws `Unavailable` where this machine cannot run it: then it counts as skipped. */
export interface Suite {
  name: string;
  /** Suites that run before it, also when only this one is asked for. */
  needs?: readonly string[];
  /** @param grep run only the tests whose title matches, where the suite consists of tests */
  run(grep?: string): Promise<Counts>;
}

const PASSED: Counts = { passed: 1, failed: 0, skipped: 0 };
const MINUTE = 60_000;
const bin = (name: string): string => join(root, 'node_modules', '.bin', name);
const extensionTests = (grep?: string) => ({
  tests: join(root, 'test', 'extension'),
  vsix: [builtPackage()],
  grep,
  logs: join(outFolder, 'extension-logs'),
});

/** The VSIX of this run: what an earlier run left is removed before it is built again. */
function builtPackage(): string {
  if (!existsSync(vsixFile)) throw new Unavailable('there is no VSIX, because it could not be packaged');
  return vsixFile;
}

/** A suite that is one command: it passes if the command ends with code 0. */
function check(name: string, command: string, words: readonly string[]): Suite {
  return {
    name,
    run: async () => {
      await run(command, words);
      return PASSED;
    },
  };
}

/** Runs mocha in a process of its own; one that ends without its counts, or never ends, counts as one failure. */
async function mocha(name: string, words: readonly string[], limit: number, grep?: string): Promise<Counts> {
  const file = join(outFolder, 'test-results', `${name}.json`);
  await rm(file, { force: true });
  const reporter = ['--reporter', 'test/harness/specAndCounts.ts', '--reporter-option', `file=${file}`];
  const only = grep === undefined ? [] : ['--grep', grep];
  const failure = await run(bin('mocha'), [...words, ...reporter, ...only], { timeout: limit }).catch(
    (error: unknown) => error,
  );
  if (!existsSync(file)) throw new Error(`mocha ended before its tests did: ${String(failure)}`);
  const counts = JSON.parse(await readFile(file, 'utf8')) as Counts;
  if (failure instanceof CommandFailed && counts.failed === 0) throw failure;
  return counts;
}

export const suites: readonly Suite[] = [
  check('typecheck', bin('tsc'), ['--noEmit']),
  check('typecheck-webview', bin('tsc'), ['--noEmit', '--project', 'webview']),
  check('format', bin('prettier'), ['--check', '--log-level', 'warn', '.']),
  {
    name: 'lint',
    run: async () => {
      await run(bin('eslint'), ['.']);
      await run(bin('knip'), ['--no-progress']);
      return PASSED;
    },
  },
  check('generated', process.execPath, [join(root, 'scripts', 'generate.ts'), '--check']),
  {
    name: 'build',
    run: async () => {
      await build();
      return PASSED;
    },
  },
  {
    name: 'tensorflow',
    run: async () => {
      console.log(`TensorFlow ${await ensureTensorflow()}`);
      process.env['SEQUENCE_LAB_TENSORFLOW_PATH'] = tensorflowPackage;
      return PASSED;
    },
  },
  {
    name: 'torch',
    run: async () => {
      const python = await ensureTorch();
      await run(python, ['-c', 'import torch; print("PyTorch", torch.__version__)']);
      process.env['SEQUENCE_LAB_TORCH'] = python;
      return PASSED;
    },
  },
  {
    name: 'vulkan',
    run: async () => {
      await ensureVulkan();
      return PASSED;
    },
  },
  {
    name: 'unit',
    needs: ['build', 'tensorflow', 'torch', 'vulkan'],
    run: (grep) => mocha('unit', ['--config', 'test/unit/.mocharc.json'], 15 * MINUTE, grep),
  },
  {
    name: 'package',
    run: async () => {
      await rm(vsixFile, { force: true });
      await run(process.execPath, [join(root, 'scripts', 'package.ts')]);
      return PASSED;
    },
  },
  {
    name: 'extension',
    needs: ['package', 'tensorflow'],
    run: (grep) => runInExtensionHost(extensionTests(grep)),
  },
  {
    name: 'desktop',
    needs: ['package', 'tensorflow'],
    run: (grep) => runInDesktop(extensionTests(grep)),
  },
  {
    name: 'e2e',
    needs: ['package', 'tensorflow', 'vulkan'],
    run: (grep) => mocha('e2e', ['--spec', 'test/e2e/**/*.test.ts', '--timeout', '180000'], 30 * MINUTE, grep),
  },
];
