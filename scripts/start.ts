/**
 * `npm start [-- --browser | --headless]` builds the extension and shows what it does.
 *
 * Without a flag an LSTM is trained on a novel for half a minute on the command line, and desktop VS Code opens with
 * that run, if it is installed. `--browser` serves VS Code to a browser on this machine. `--headless` drives that
 * one with nobody at the screen and saves pictures of it.
 */
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { newRunId } from '../src/runs/runStore.ts';
import { labHome, runsFolder } from '../src/runs/home.ts';
import { CodeServer } from '../test/harness/codeServer.ts';
import { trainHeadless } from './lib/headless.ts';
import { main } from './lib/main.ts';
import { root } from './lib/paths.ts';
import { commandLine, vsixFile } from './lib/product.ts';
import { run } from './lib/run.ts';
import { makeSamplesFolder } from './lib/samples.ts';

const SECONDS = 30;
const PROMPT = 'The whale ';

async function trainOnCommandLine(samples: string): Promise<void> {
  const text = join(samples, 'moby-dick.txt');
  const folder = join(runsFolder(labHome()), newRunId('moby-dick', new Date()));
  await run(process.execPath, [commandLine, 'train', text, '--seconds', String(SECONDS), '--out', folder]);
  console.log(`\nAfter ${SECONDS} seconds of training the model writes:\n`);
  await run(process.execPath, [commandLine, 'generate', folder, '--prompt', PROMPT, '--length', '400']);
}

async function openDesktop(samples: string): Promise<void> {
  const found = await run('code', ['--version'], { quiet: true }).then(
    () => true,
    () => false,
  );
  if (!found) {
    console.log(`
VS Code is not on the PATH ("code"). To see the run in the editor, either

  install VS Code, then:  code --install-extension ${vsixFile}
                          code ${samples}
  or use a browser:       npm start -- --browser

and look at the view "Runs" of Sequence Lab.`);
    return;
  }
  await run('code', ['--install-extension', vsixFile, '--force'], { quiet: true });
  await run('code', ['--new-window', samples, join(samples, 'moby-dick.txt')]);
  console.log('VS Code is open on the samples; the run is in the view "Runs" of Sequence Lab.');
}

async function serveBrowser(samples: string): Promise<void> {
  const password = randomBytes(9).toString('base64url');
  await using server = await CodeServer.start({ folder: samples, vsix: [vsixFile], password });
  console.log(`\nVS Code is at ${server.url}\nThe password is ${password}\nCtrl+C ends it.`);
  await server.ended;
  throw new Error('code-server ended by itself.');
}

await main(async () => {
  const { values } = parseArgs({ options: { browser: { type: 'boolean' }, headless: { type: 'boolean' } } });
  await run(process.execPath, [join(root, 'scripts', 'package.ts')]);
  const samples = await makeSamplesFolder();
  if (values.browser === true) return serveBrowser(samples);
  if (values.headless === true) return trainHeadless(vsixFile, samples);
  await trainOnCommandLine(samples);
  await openDesktop(samples);
});
