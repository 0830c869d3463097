/**
 * `npm start [-- --browser | --headless]` builds the extension and demonstrates it.
 *
 * Without a flag, an LSTM is trained on a novel for half a minute on the command line, and desktop VS Code opens with
 * that run, if it is installed. `--browser` serves VS Code to a browser on this machine. `--headless` trains in a
 * headless browser and saves screenshots.
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

async function packageExtension(): Promise<void> {
  console.log('Building and packaging the extension (about 15 seconds) ...');
  await run(process.execPath, [join(root, 'scripts', 'package.ts')], { quiet: true });
  console.log(`Wrote ${vsixFile}\n`);
}

/** Prints where runs are stored, and whether SEQUENCE_LAB_HOME decided it. */
function describeHome(): void {
  const set = (process.env['SEQUENCE_LAB_HOME'] ?? '').trim() !== '';
  const why = set ? 'from SEQUENCE_LAB_HOME' : 'the default; SEQUENCE_LAB_HOME is not set';
  console.log(`Runs are stored in ${runsFolder(labHome())} (${why}).`);
}

async function trainOnCommandLine(samples: string): Promise<string> {
  const text = join(samples, 'moby-dick.txt');
  const folder = join(runsFolder(labHome()), newRunId('moby-dick', new Date()));
  console.log(`Training an LSTM on Moby Dick for ${SECONDS} seconds ...\n`);
  await run(process.execPath, [commandLine, 'train', text, '--seconds', String(SECONDS), '--out', folder]);
  console.log(`\nAfter ${SECONDS} seconds of training, the model writes:\n`);
  await run(process.execPath, [commandLine, 'generate', folder, '--prompt', PROMPT, '--length', '400']);
  return folder;
}

async function hasDesktop(): Promise<boolean> {
  return run('code', ['--version'], { quiet: true }).then(
    () => true,
    () => false,
  );
}

async function openDesktop(samples: string): Promise<void> {
  if (!(await hasDesktop())) {
    console.log(`
VS Code ("code") is not on the PATH. To open the run in the editor, either

  use a browser:    npm start -- --browser
  or VS Code:       code --install-extension ${vsixFile}
                    code ${samples}

and select the Sequence Lab icon in the activity bar: the run is in the view "Runs".`);
    return;
  }
  await run('code', ['--install-extension', vsixFile, '--force'], { quiet: true });
  await run('code', ['--new-window', samples, join(samples, 'moby-dick.txt')]);
  console.log(`
VS Code is open with the samples. Select the Sequence Lab icon in the activity bar: the run is in the view "Runs".
To train on a file, open it and run "Train LSTM on file" from the palette (F1).`);
}

async function serveBrowser(samples: string): Promise<void> {
  const password = randomBytes(9).toString('base64url');
  await using server = await CodeServer.start({ folder: samples, vsix: [vsixFile], password });
  console.log(`
Open ${server.url} in a browser on this machine. The password is ${password}
Open a text such as ferry.txt, and run "Train LSTM on file" from the palette (F1).
Ctrl+C ends the server.`);
  await server.ended;
  throw new Error('code-server ended unexpectedly.');
}

await main(async () => {
  const { values } = parseArgs({ options: { browser: { type: 'boolean' }, headless: { type: 'boolean' } } });
  await packageExtension();
  const samples = await makeSamplesFolder();
  if (values.headless === true) return trainHeadless(vsixFile, samples);
  describeHome();
  if (values.browser === true) return serveBrowser(samples);
  const folder = await trainOnCommandLine(samples);
  console.log(
    `\nThe run is in ${folder}\nContinue the text with another prompt:  node ${commandLine} generate ${folder} --prompt "Call me "`,
  );
  await openDesktop(samples);
});
