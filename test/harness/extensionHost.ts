import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { Report } from './counts.ts';
import { CodeServer } from './codeServer.ts';
import { followEvents, type FollowOptions } from './followEvents.ts';
import { bundleTests, packTests } from './testBundle.ts';
import { EVENTS_VARIABLE, GREP_VARIABLE, MOCHA_VARIABLE } from './testEvents.ts';
import { Workbench } from './workbench.ts';

export interface ExtensionTests extends FollowOptions {
  /** The folder whose `*.test.ts` run, at any depth. */
  tests: string;
  /** The extensions under test, as VSIX files. */
  vsix: readonly string[];
  /** Run only the tests whose title matches. */
  grep?: string | undefined;
  /** Folder for the logs after a failure. */
  logs: string;
  /** Files of the folder that is open, by path in it; none by default. */
  files?: (folder: string) => Readonly<Record<string, string>>;
  /** True to open the folder in Restricted Mode. */
  restricted?: boolean;
}

/** The variables that the test extension and the extension under test run with. */
export function testVariables(home: string, grep?: string): NodeJS.ProcessEnv {
  return {
    SEQUENCE_LAB_HOME: join(home, 'sequence-lab'),
    [EVENTS_VARIABLE]: join(home, 'events.jsonl'),
    [MOCHA_VARIABLE]: import.meta.resolve('mocha'),
    ...(grep === undefined ? {} : { [GREP_VARIABLE]: grep }),
  };
}

/**
 * Runs mocha inside the extension host of a code-server that has the extensions installed, with a folder open.
 * An incomplete run counts as one failure, and the log of the extension host is printed.
 */
export async function runInExtensionHost(options: ExtensionTests): Promise<Report> {
  const home = await mkdtemp(join(tmpdir(), 'sequence-lab-tests-'));
  try {
    const bundle = join(home, 'bundle');
    const folder = join(home, 'workspace');
    await mkdir(folder);
    await writeFiles(folder, options.files?.(folder) ?? {});
    await bundleTests(options.tests, bundle);
    const env = testVariables(home, options.grep);
    const vsix = [...options.vsix, await packTests(bundle)];
    const { restricted = false } = options;
    const settings = { 'security.workspace.trust.startupPrompt': 'never' };
    await using server = await CodeServer.start({ folder, vsix, env, restricted, settings });
    // The extension host starts only when a window opens.
    await using workbench = await Workbench.open(server);
    try {
      const report = await followEvents(join(home, 'events.jsonl'), options);
      if (report.failed > 0) await server.keepLogs(options.logs);
      return report;
    } catch (error) {
      await server.keepLogs(options.logs);
      await workbench.screenshot(join(options.logs, 'workbench.png'));
      console.error(
        `${String(error)}\nThe log of the extension host:\n${(await server.extensionHostLog()).slice(-8000)}`,
      );
      return { passed: 0, failed: 1, skipped: 0, failures: [String(error)] };
    }
  } finally {
    await rm(home, { recursive: true, force: true });
  }
}

async function writeFiles(folder: string, files: Readonly<Record<string, string>>): Promise<void> {
  for (const [name, content] of Object.entries(files)) {
    const path = join(folder, name);
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, content);
    if (content.startsWith('#!')) await chmod(path, 0o755);
  }
}
