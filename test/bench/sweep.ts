/**
 * `npm run bench -- sweep [--repeats N] [--steps N]` trains the trials of the sample sweep one after the other with
 * `sequence-lab train`, with the backend's own number of threads and with one, and as a sweep with one trainer and with
 * two, in turns. It prints trials per hour of each, and the time that the processors worked, which says more on a busy
 * machine.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

import { parseRunConfig, setField } from '../../src/config/parse.ts';
import { checkSweep } from '../../src/sweeps/checkSweep.ts';
import { parseSweepFile } from '../../src/sweeps/parseSweepFile.ts';
import { plannedTrials, trialConfig } from '../../src/sweeps/plannedTrials.ts';
import { processorSeconds } from '../harness/processorTime.ts';
import { median } from '../../src/judgment/quantiles.ts';

const { values } = parseArgs({
  options: { repeats: { type: 'string', default: '3' }, steps: { type: 'string', default: '300' } },
});

const CLI = fileURLToPath(new URL('../../dist/cli.js', import.meta.url));
const samples = fileURLToPath(new URL('../../media/samples/', import.meta.url));
const sample = JSON.parse(await readFile(join(samples, 'learning-rate.sequence-lab-sweep.json'), 'utf8')) as {
  base: object;
};

const home = await mkdtemp(join(tmpdir(), 'sequence-lab-sweep-'));

async function command(...args: readonly string[]): Promise<void> {
  const env = { ...process.env, SEQUENCE_LAB_HOME: home };
  const child = spawn(process.execPath, [CLI, ...args], { env, stdio: ['ignore', 'ignore', 'inherit'] });
  const [code] = (await once(child, 'exit')) as [number | null];
  if (code !== 0) throw new Error(`sequence-lab ${args[0]} ended with exit code ${code}.`);
}

const withSteps = setField(sample.base, 'training.steps', Number(values.steps));
const base = setField(withSteps, 'data.train', join(samples, 'ferry.txt'));
const path = join(home, 'bench.sequence-lab-sweep.json');
await writeFile(path, JSON.stringify({ ...sample, base }));
const sweep = checkSweep(parseSweepFile({ ...sample, base }), parseRunConfig(base));
const trials = plannedTrials(sweep);

/** Trains each trial by itself. @param threads 0 lets the backend choose */
async function oneAfterTheOther(threads: number): Promise<void> {
  for (const trial of trials) {
    const config = join(home, `${trial.trial}.sequence-lab.json`);
    await writeFile(config, JSON.stringify({ ...trialConfig(sweep, trial), threads }));
    await command('train', '--config', config);
  }
}

const ways: Readonly<Record<string, () => Promise<void>>> = {
  'one after the other, threads of the backend': async () => oneAfterTheOther(0),
  'one after the other, one thread': async () => oneAfterTheOther(1),
  'sweep, 1 worker': async () => command('sweep', path, '--workers', '1'),
  'sweep, 2 workers': async () => command('sweep', path, '--workers', '2'),
};

try {
  const measured = new Map<string, { seconds: number; processor: number }[]>();
  for (let repeat = 0; repeat < Number(values.repeats); repeat++)
    for (const [name, train] of Object.entries(ways)) {
      const [before, worked] = [performance.now(), await processorSeconds()];
      await train();
      const taken = { seconds: (performance.now() - before) / 1000, processor: (await processorSeconds()) - worked };
      measured.set(name, [...(measured.get(name) ?? []), taken]);
    }
  console.log(`${trials.length} trials of ${values.steps} steps, ${availableParallelism()} processors, medians:`);
  for (const [name, all] of measured) {
    const seconds = median(all.map((each) => each.seconds));
    const processor = median(all.map((each) => each.processor));
    const perHour = Math.round((3600 * trials.length) / seconds);
    console.log(
      `${name}: ${seconds.toFixed(1)} s, ${perHour} trials per hour, ${(processor / trials.length).toFixed(2)} s of processor time per trial`,
    );
  }
} finally {
  await rm(home, { recursive: true, force: true });
}
