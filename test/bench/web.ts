/**
 * `npm run bench -- web [--steps N] [--rounds N]` trains the default language model on one thread in Node, and on one and
 * two threads in a worker of Chromium, in turns, and prints the milliseconds of a step of each round, and the ratios of the
 * medians.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { parseRunConfig } from '../../src/config/parse.ts';
import type { StartRequest } from '../../src/protocol/trainer.ts';
import { BrowserWorkers } from '../harness/browserWorkers.ts';
import { rhyme, train } from '../unit/worker/fixture.ts';
import type { TrainCall, TrainedRun } from '../web/trainRun.ts';

const { values } = parseArgs({
  options: { steps: { type: 'string', default: '300' }, rounds: { type: 'string', default: '5' } },
});
const [steps, rounds] = [Number(values.steps), Number(values.rounds)];

function starting(home: string, threads = 1): StartRequest {
  return {
    config: parseRunConfig({
      backend: 'wasm',
      threads,
      training: { steps, validateEvery: steps, checkpointEvery: steps, patience: 0 },
      sampling: { every: 0 },
    }),
    source: { kind: 'text', text: rhyme.repeat(10), name: 'rhyme.txt' },
    backends: { home, tensorflowPath: '', wideSimd: false },
  };
}

const median = (numbers: readonly number[]) => numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)] ?? NaN;
const shown = (numbers: readonly number[]) => numbers.map((value) => value.toFixed(2)).join(', ');

const home = await mkdtemp(join(tmpdir(), 'sequence-lab-bench-'));
try {
  await using workers = await BrowserWorkers.open({ isolated: true });
  const trainRun = await workers.program<TrainCall, TrainedRun>('test/web/trainRun.ts');
  const [node, browser, two]: [number[], number[], number[]] = [[], [], []];
  for (let round = 0; round < rounds; round++) {
    const { events } = await train(starting(home));
    node.push((1000 * (events.of('step').at(-1)?.seconds ?? NaN)) / steps);
    browser.push((1000 * (await trainRun({ start: starting('/.sequence-lab') })).seconds) / steps);
    two.push((1000 * (await trainRun({ start: starting('/.sequence-lab', 2) })).seconds) / steps);
  }
  console.log(`Node      ${shown(node)} ms a step`);
  console.log(`Chromium  ${shown(browser)} ms a step`);
  console.log(`Chromium, 2 threads  ${shown(two)} ms a step`);
  console.log(`ratio of the medians: Chromium to Node ${(median(browser) / median(node)).toFixed(2)}`);
  console.log(`2 threads to 1 in Chromium ${(median(two) / median(browser)).toFixed(2)}`);
} finally {
  await rm(home, { recursive: true, force: true });
}
