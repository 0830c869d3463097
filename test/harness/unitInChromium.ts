import { readFile } from 'node:fs/promises';
import { dirname, join, relative, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { BuildOptions, Plugin } from 'esbuild';
import { root } from '../../scripts/lib/paths.ts';
import { webOptions } from '../../scripts/lib/webPlatform.ts';
import { joinReports, type Report } from './counts.ts';
import { BrowserWorkers } from './browserWorkers.ts';

/** Modules of Node that the unit tests use, and what replaces them. */
const NODE: Readonly<Record<string, string>> = {
  'node:assert/strict': 'assert.ts',
  'node:fs': 'fs.ts',
  'node:fs/promises': 'fsPromises.ts',
  'node:os': 'os.ts',
  'node:timers/promises': 'timers.ts',
  'node:url': 'url.ts',
};

/** Tests find files of the clone by their own place, which in a browser is below `/product`. */
const ownPlaces: Plugin = {
  name: 'own places',
  setup(build) {
    build.onLoad({ filter: /[\\/]test[\\/].*\.ts$/ }, async ({ path }) => {
      const place = join('/product', relative(root, path));
      const source = await readFile(path, 'utf8');
      const contents = source
        .replaceAll('import.meta.dirname', JSON.stringify(dirname(place)))
        .replaceAll('import.meta.url', JSON.stringify(pathToFileURL(place).href));
      return { contents, loader: 'ts' };
    });
  },
};

const stubs = Object.entries(NODE).map(([name, stub]) => [name, resolve(root, 'test/web/node', stub)]);

/** Options of esbuild for code of the tests in a browser. */
export const testOptions = {
  alias: { ...webOptions.alias, ...Object.fromEntries(stubs) },
  plugins: [...webOptions.plugins, ownPlaces],
  // Tests read the number of their examples from it.
  define: { ...webOptions.define, 'process.env': '{}' },
  logLevel: 'silent',
} satisfies BuildOptions;

/** Milliseconds for a test without a limit of its own. */
const LIMIT = 120_000;

/** Runs each test file in a worker of Chromium: with a mocha, a TensorFlow.js and folders of its own. */
export async function runUnitInChromium(files: readonly string[], grep?: string): Promise<Report> {
  await using workers = await BrowserWorkers.open({ isolated: true });
  const reports: Report[] = [];
  for (const file of files) {
    console.log(file);
    const report = await runFile(workers, file, grep).catch((error: unknown): Report => {
      console.log(String(error));
      return { passed: 0, failed: 1, skipped: 0, failures: [file] };
    });
    reports.push(report);
  }
  return joinReports(reports);
}

async function runFile(workers: BrowserWorkers, file: string, grep?: string): Promise<Report> {
  const entry = `
    import 'mocha/mocha.js';
    import { setUpMocha, runMocha } from './test/web/runMocha.ts';
    import { answerCall } from './test/web/answerCall.ts';
    answerCall(async (call) => {
      setUpMocha(${LIMIT});
      await import(${JSON.stringify(`./${file}`)});
      return runMocha(call);
    });`;
  const run = await workers.program<{ grep?: string }, Report>(undefined, {
    ...testOptions,
    stdin: { contents: entry, resolveDir: root, sourcefile: 'entry.ts', loader: 'ts' },
  });
  return run(grep === undefined ? {} : { grep });
}
