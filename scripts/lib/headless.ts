import { readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { CodeServer } from '../../test/harness/codeServer.ts';
import { Workbench } from '../../test/harness/workbench.ts';
import { outFolder } from './paths.ts';

const MINUTE = 60_000;
/** Minimum difference between the means of the first and last losses, in nats. */
const FALL = 0.5;
const WINDOW = 10;

const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;

/** Training losses, in nats per character, of the only run in the store under `home`. */
async function losses(home: string): Promise<number[]> {
  const [run] = await readdir(join(home, 'runs')).catch(() => []);
  if (run === undefined) return [];
  const text = await readFile(join(home, 'runs', run, 'metrics.jsonl'), 'utf8').catch(() => '');
  const events = text
    .split('\n')
    .slice(0, -1)
    .map((line) => JSON.parse(line) as { event: string; loss: number });
  return events.filter(({ event }) => event === 'step').map(({ loss }) => loss);
}

/** Waits until the loss has decreased, and returns a description of the decrease. */
async function lossHasFallen(home: string): Promise<string> {
  const deadline = Date.now() + 2 * MINUTE;
  let values: number[] = [];
  while (Date.now() < deadline) {
    values = await losses(home);
    const [first, last] = [mean(values.slice(0, WINDOW)), mean(values.slice(-WINDOW))];
    if (values.length > 5 * WINDOW && last < first - FALL) {
      return `the loss fell from ${first.toFixed(2)} to ${last.toFixed(2)} nats per character in ${values.length} steps`;
    }
    await sleep(250);
  }
  throw new Error(`The loss did not fall by ${FALL} nats within two minutes; ${values.length} steps were trained.`);
}

/** Trains on a sample through the command palette of VS Code in a headless browser, and saves screenshots. */
export async function trainHeadless(vsix: string, samples: string): Promise<void> {
  const home = join(outFolder, 'headless-home');
  console.log(`The run of this demonstration is stored in ${home}; SEQUENCE_LAB_HOME does not apply.`);
  await rm(home, { recursive: true, force: true });
  await using server = await CodeServer.start({ folder: samples, vsix: [vsix], env: { SEQUENCE_LAB_HOME: home } });
  await using workbench = await Workbench.open(server);
  await workbench.openFile('ferry.txt');
  await workbench.runCommand('Train LSTM on file');
  await workbench.quickPick('Start with these settings');
  try {
    console.log(`In VS Code, ${await lossHasFallen(home)}.`);
  } catch (error) {
    await workbench.screenshot(join(outFolder, 'headless-failure.png'));
    throw error;
  }
  for (const theme of ['dark', 'light'] as const) {
    await workbench.setTheme(theme);
    const picture = join(outFolder, `panel-${theme}.png`);
    await workbench.screenshot(picture);
    console.log(`Saved ${picture}`);
  }
}
