import { existsSync } from 'node:fs';
import { createHash } from 'node:crypto';
import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { joinReports, type Report } from '../test/harness/counts.ts';
import { runInDesktop } from '../test/harness/desktop.ts';
import { runInExtensionHost } from '../test/harness/extensionHost.ts';
import { runUnitInChromium } from '../test/harness/unitInChromium.ts';
import { webUnitFiles } from '../test/harness/webUnits.ts';
import { audit } from './lib/audit.ts';
import { outFolder, root } from './lib/paths.ts';
import { ensureCodeServer } from './lib/codeServer.ts';
import { build, vsixFile } from './lib/product.ts';
import { hostileFiles } from '../test/restricted/hostileWorkspace.ts';
import { CommandFailed, run } from './lib/run.ts';
import { ensureKeras } from './lib/keras.ts';
import { ensureInspector } from './lib/inspector.ts';
import { ensureReaders } from './lib/readers.ts';
import { ensureTensorflow, tensorflowPackage } from './lib/tensorflow.ts';
import { testFiles } from './lib/testFiles.ts';
import { ensureSlurm } from './lib/slurm.ts';
import { ensureTorch } from './lib/torch.ts';
import { Unavailable } from './lib/unavailable.ts';
import { ensureVulkan } from './lib/vulkan.ts';

/** One part of `npm test`. */
export interface Suite {
  name: string;
  /** Description for `npm test -- --help`, and the approximate duration. */
  about: string;
  takes: string;
  /** Suites that run before it, even if only this one is requested. */
  needs?: readonly string[];
  /** True if it only runs when it is requested. */
  byName?: true;
  /** @throws Unavailable if this machine cannot run it: then it counts as skipped */
  run(options: SuiteOptions): Promise<Report>;
}

export interface SuiteOptions {
  /** Run only the tests whose title matches, if the suite consists of tests. */
  readonly grep?: string | undefined;
  /** Number of processes that share the test files, if the files of the suite do not depend on each other. */
  readonly jobs: number;
}

const PASSED: Report = { passed: 1, failed: 0, skipped: 0, failures: [] };
const MINUTE = 60_000;
const UNIT = 'test/unit/**/*.test.ts';
const PAGES = 'test/e2e/**/*Page.test.ts';
const WORKBENCH = 'test/e2e/**/!(*Page).test.ts';
/** Milliseconds for a test without a limit of its own: several times what it needs on an idle machine. */
const UNIT_LIMIT = ['--timeout', '60000'];
/** Fewest clusters at the same time. */
const SLURM_JOBS = 5;
const E2E_LIMIT = ['--timeout', '180000'];
const bin = (name: string): string => join(root, 'node_modules', '.bin', name);
const extensionTests = ({ grep }: SuiteOptions) => ({
  tests: join(root, 'test', 'extension'),
  vsix: [builtPackage()],
  grep,
  logs: join(outFolder, 'extension-logs'),
});

/** Returns the VSIX of this run; the `package` suite deletes an older one before it builds. */
function builtPackage(): string {
  if (!existsSync(vsixFile)) throw new Unavailable('there is no VSIX because packaging failed');
  return vsixFile;
}

/** Builds the VSIX, and returns its SHA-256. */
async function packageHash(): Promise<string> {
  await rm(vsixFile, { force: true });
  await run(process.execPath, [join(root, 'scripts', 'package.ts')]);
  return createHash('sha256')
    .update(await readFile(vsixFile))
    .digest('hex');
}

/** Suite of one command, which passes if the command exits with code 0. */
function check(about: Pick<Suite, 'name' | 'about' | 'takes'>, command: string, args: readonly string[]): Suite {
  return {
    ...about,
    run: async () => {
      await run(command, args);
      return PASSED;
    },
  };
}

/** Runs mocha in a process. A process without a report, or that exceeds `limit`, counts as one failure. */
async function mocha(name: string, args: readonly string[], limit: number, grep?: string): Promise<Report> {
  const file = join(outFolder, 'test-results', `${name}.json`);
  await rm(file, { force: true });
  const reporter = ['--reporter', 'test/harness/specAndCounts.ts', '--reporter-option', `file=${file}`];
  const only = grep === undefined ? [] : ['--grep', grep];
  const failure = await run(bin('mocha'), [...args, ...reporter, ...only], { timeout: limit }).catch(
    (error: unknown) => error,
  );
  if (!existsSync(file)) throw new Error(`mocha ended before its tests did: ${String(failure)}`);
  const report = JSON.parse(await readFile(file, 'utf8')) as Report;
  if (failure instanceof CommandFailed && report.failed === 0) throw failure;
  return report;
}

/** Runs the test files of a pattern, which several processes share, each file as a whole. */
async function sharedMocha(
  name: string,
  pattern: string,
  limit: readonly string[],
  { grep, jobs }: SuiteOptions,
): Promise<Report> {
  const parallel = jobs > 1 ? ['--parallel', '--jobs', String(jobs)] : [];
  return mocha(name, ['--no-config', ...limit, ...parallel, ...testFiles(pattern)], 60 * MINUTE, grep);
}

export const suites: readonly Suite[] = [
  check({ name: 'typecheck', about: 'types of src, test and scripts', takes: '20 s' }, bin('tsc'), ['--noEmit']),
  check({ name: 'typecheck-webview', about: 'types of webview', takes: '10 s' }, bin('tsc'), [
    '--noEmit',
    '--project',
    'webview',
  ]),
  check({ name: 'format', about: 'formatting by Prettier', takes: '20 s' }, bin('prettier'), [
    '--check',
    '--log-level',
    'warn',
    '.',
  ]),
  {
    name: 'lint',
    about: 'ESLint rules, unused files and exports',
    takes: '1 min',
    run: async () => {
      await run(bin('eslint'), ['.']);
      await run(bin('knip'), ['--no-progress']);
      return PASSED;
    },
  },
  check({ name: 'generated', about: 'generated files against their sources', takes: '5 s' }, process.execPath, [
    join(root, 'scripts', 'generate.ts'),
    '--check',
  ]),
  {
    name: 'build',
    about: 'bundles everything into dist',
    takes: '5 s',
    run: async () => {
      await build();
      return PASSED;
    },
  },
  {
    name: 'tensorflow',
    about: 'installs native TensorFlow',
    takes: '5 s, minutes the first time',
    run: async () => {
      console.log(`TensorFlow ${await ensureTensorflow()}`);
      process.env['SEQUENCE_LAB_TENSORFLOW_PATH'] = tensorflowPackage;
      return PASSED;
    },
  },
  {
    name: 'torch',
    about: 'installs PyTorch, which the oracles are checked against',
    takes: '5 s, minutes the first time',
    run: async () => {
      const python = await ensureTorch();
      await run(python, ['-c', 'import torch; print("PyTorch", torch.__version__)']);
      process.env['SEQUENCE_LAB_TORCH'] = python;
      return PASSED;
    },
  },
  {
    name: 'readers',
    about: 'installs the Python packages that read exported files back',
    takes: '5 s, a minute the first time',
    run: async () => {
      process.env['SEQUENCE_LAB_READERS'] = await ensureReaders();
      return PASSED;
    },
  },
  {
    name: 'inspector',
    about: 'installs the official inspector of the Model Context Protocol',
    takes: '1 s, a minute the first time',
    run: async () => {
      process.env['SEQUENCE_LAB_INSPECTOR'] = await ensureInspector();
      return PASSED;
    },
  },
  {
    name: 'keras',
    about: 'installs Keras, which computes with PyTorch',
    takes: '5 s, minutes the first time',
    run: async () => {
      await ensureKeras();
      return PASSED;
    },
  },
  {
    name: 'vulkan',
    about: 'finds a Vulkan driver for WebGPU',
    takes: '1 s, a minute the first time',
    run: async () => {
      await ensureVulkan();
      return PASSED;
    },
  },
  {
    name: 'unit',
    about: 'everything that needs no editor',
    takes: '18 min',
    needs: ['build', 'tensorflow', 'torch', 'readers', 'inspector', 'vulkan'],
    run: (options) => sharedMocha('unit', UNIT, UNIT_LIMIT, options),
  },
  {
    name: 'unit-web',
    about: 'the unit tests of the code of training in a worker of Chromium, and a run there beside one in Node',
    takes: '6 min',
    byName: true,
    needs: ['build'],
    run: async (options) =>
      joinReports([
        await sharedMocha('unit-web', 'test/web/*.test.ts', E2E_LIMIT, options),
        await runUnitInChromium(webUnitFiles(), options.grep),
      ]),
  },
  {
    name: 'interop',
    about:
      'models that are exported to and imported from other programs, against PyTorch, Keras, onnxruntime and tokenizers',
    takes: '3 min',
    needs: ['build', 'torch', 'keras'],
    run: (options) => sharedMocha('interop', 'test/interop/**/*.test.ts', UNIT_LIMIT, options),
  },
  {
    name: 'slurm',
    about: 'sweeps on a Slurm cluster that runs on this machine',
    takes: '7 min',
    needs: ['build'],
    run: async (options) => {
      console.log(await ensureSlurm());
      // These tests wait more than they compute.
      const jobs = Math.max(SLURM_JOBS, options.jobs);
      return sharedMocha('slurm', 'test/slurm/**/*.test.ts', UNIT_LIMIT, { ...options, jobs });
    },
  },
  {
    name: 'package',
    about: 'builds the VSIX',
    takes: '15 s',
    run: async () => {
      await rm(vsixFile, { force: true });
      await run(process.execPath, [join(root, 'scripts', 'package.ts')]);
      return PASSED;
    },
  },
  {
    name: 'extension',
    about: 'the extension in an extension host of code-server',
    takes: '7 min',
    needs: ['package', 'tensorflow'],
    run: (options) => runInExtensionHost(extensionTests(options)),
  },
  {
    name: 'restricted',
    about: 'the extension in Restricted Mode, with a workspace that tries to run programs',
    takes: '1 min',
    needs: ['package'],
    run: ({ grep }) =>
      runInExtensionHost({
        tests: join(root, 'test', 'restricted'),
        vsix: [builtPackage()],
        grep,
        logs: join(outFolder, 'restricted-logs'),
        files: hostileFiles,
        restricted: true,
      }),
  },
  {
    name: 'desktop',
    about: 'the same tests in desktop VS Code, if it can be downloaded',
    takes: '3 min',
    needs: ['package', 'tensorflow'],
    run: (options) => runInDesktop(extensionTests(options)),
  },
  {
    name: 'pages',
    about: 'each page in Chromium',
    takes: '13 min',
    needs: ['build'],
    run: (options) => sharedMocha('pages', PAGES, E2E_LIMIT, options),
  },
  {
    name: 'e2e',
    about: 'the extension in the workbench of code-server',
    takes: '12 min',
    needs: ['package', 'tensorflow', 'vulkan'],
    run: async (options) => {
      // Before several processes need it.
      await ensureCodeServer();
      return sharedMocha('e2e', WORKBENCH, E2E_LIMIT, options);
    },
  },
  {
    name: 'web',
    about: 'the extension in the browser, without Node: in the web worker extension host of code-server',
    takes: '3 min',
    byName: true,
    needs: ['package'],
    run: ({ grep }) => mocha('web', ['--spec', 'test/web/workbench/*.test.ts', ...E2E_LIMIT], 30 * MINUTE, grep),
  },
  {
    name: 'reproducible',
    about: 'two builds of the VSIX are equal byte for byte',
    takes: '1 min',
    byName: true,
    run: async () => {
      const [first, second] = [await packageHash(), await packageHash()];
      if (first !== second) throw new Error(`Two builds of ${vsixFile} differ: ${first} and ${second}.`);
      return PASSED;
    },
  },
  {
    name: 'audit',
    about: 'known vulnerabilities of the packages, if the registry of npm can be reached',
    takes: '10 s',
    byName: true,
    run: async () => {
      console.log(await audit(join(root, 'package-lock.json')));
      return PASSED;
    },
  },
  {
    name: 'walk',
    about: 'a walk through the whole course, with pictures in out/screenshots/walk',
    takes: '12 min of processor time',
    byName: true,
    needs: ['package'],
    run: ({ grep }) => mocha('walk', ['--spec', 'test/walk/**/*.test.ts', '--timeout', '600000'], 30 * MINUTE, grep),
  },
];
