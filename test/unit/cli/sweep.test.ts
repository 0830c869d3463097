import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { RunConfigInput } from '../../../src/config/schema.ts';
import { readMetrics } from '../../../src/runs/metricsLog.ts';
import { readRecord } from '../../../src/runs/record.ts';
import { readPlan } from '../../../src/sweeps/plan/planFile.ts';
import { assertNames } from '../../harness/facts.ts';
import { temporaryFolder } from '../runs/temporary.ts';
import { rhyme } from '../worker/fixture.ts';

const cli = fileURLToPath(new URL('../../../src/cli.ts', import.meta.url));

const RATES = [0.001, 0.01, 0.03, 0.1];

const base: RunConfigInput = {
  data: { train: 'rhyme.txt', sequenceLength: 10 },
  model: { units: 4 },
  training: { batchSize: 2, steps: 60, validateEvery: 20, checkpointEvery: 20, patience: 0 },
  sampling: { every: 0 },
  probes: { every: 0 },
  backend: 'reference',
  threads: 1,
};

describe('sequence-lab sweep', function () {
  this.timeout(180_000);
  const home = temporaryFolder();

  async function run(args: readonly string[], onLine?: (line: string, end: (signal: NodeJS.Signals) => void) => void) {
    const child = spawn(process.execPath, [cli, ...args], {
      env: { ...process.env, SEQUENCE_LAB_HOME: home() },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let [stdout, stderr] = ['', ''];
    child.stdout.on('data', (data: Buffer) => {
      stdout += String(data);
      for (const line of String(data).split('\n')) onLine?.(line, (signal) => child.kill(signal));
    });
    child.stderr.on('data', (data: Buffer) => (stderr += String(data)));
    const [code] = (await once(child, 'close')) as [number | null];
    return { code, stdout, stderr };
  }

  const write = async (content: object = {}) => {
    const path = join(home(), 'rate.sequence-lab-sweep.json');
    await writeFile(join(home(), 'rhyme.txt'), rhyme);
    await writeFile(path, JSON.stringify({ base, fields: { 'training.learningRate': { values: RATES } }, ...content }));
    return path;
  };
  const objects = (lines: string) =>
    lines
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as Record<string, unknown>);

  /** The only sweep of the home. */
  const stored = async () => {
    const [id = '', ...others] = await readdir(join(home(), 'sweeps'));
    assert.deepEqual(others, []);
    const state = await readPlan(join(home(), 'sweeps', id));
    assert.ok(state);
    return state;
  };

  it('lists its trials, and names what cannot be used', async () => {
    const listed = await run(['sweep', await write(), '--dry-run', '--json']);
    assert.equal(listed.code, 0, listed.stderr);
    assert.deepEqual(
      objects(listed.stdout).map(({ trial, values, seed }) => [trial, values, seed]),
      RATES.map((rate, i) => [i + 1, { 'training.learningRate': rate }, 1]),
    );
    assertNames((await run(['sweep', await write(), '--dry-run'])).stdout, 'training.learningRate', 0.03);
    await assert.rejects(readdir(join(home(), 'sweeps')));
    const wrong = await run(['sweep', await write({ fields: { 'model.unit': { values: [1] } } })]);
    assert.equal(wrong.code, 2);
    assertNames(wrong.stderr, 'fields.model.unit', 'model.units');
    const none = await run(['sweep', await write(), '--resume']);
    assert.equal(none.code, 2);
  });

  it('goes on after it was killed: each trial ends once, equal to one that is trained alone', async () => {
    const path = await write();
    let hasEnded = false;
    const killed = await run(['sweep', path, '--workers', '2', '--json'], (line, end) => {
      if (hasEnded || !line.includes('"event":"ended"')) return;
      hasEnded = true;
      end('SIGKILL');
    });
    assert.equal(killed.code, null);
    const before = await stored();
    const finished = before.trials.filter(({ status }) => status === 'ended').map(({ trial }) => trial);
    assert.ok(finished.length > 0 && finished.length < 4, `${finished.length} had ended`);

    const resumed = await run(['sweep', path, '--resume', '--json']);
    assert.equal(resumed.code, 0, resumed.stderr);
    const ends = objects(resumed.stdout).filter(({ event }) => event === 'ended');
    assert.deepEqual(
      [...finished, ...ends.map(({ trial }) => trial)].toSorted(),
      [1, 2, 3, 4],
      'each trial has ended once',
    );

    const { trials, header } = await stored();
    for (const { run: id, trial, results } of trials) {
      const folder = join(home(), 'runs', id ?? '');
      const record = await readRecord(folder);
      assert.deepEqual([record.state, record.sweep], ['completed', { id: header.id, trial }]);
      assert.equal(results[0]?.objective, record.progress.kept?.loss);
      const steps = (await readMetrics(folder)).flatMap((event) => (event.event === 'step' ? event.step : []));
      assert.deepEqual(
        steps,
        Array.from({ length: 60 }, (_, i) => i + 1),
      );
    }

    const config = join(home(), 'alone.sequence-lab.json');
    await writeFile(config, JSON.stringify({ ...base, training: { ...base.training, learningRate: RATES[1] } }));
    const alone = await run(['train', '--config', config, '--out', join(home(), 'alone')]);
    assert.equal(alone.code, 0, alone.stderr);
    for (const file of ['model/weights.bin', 'checkpoints/step-60/tensors.bin'])
      assert.deepEqual(
        await readFile(join(home(), 'runs', trials[1]?.run ?? '', file)),
        await readFile(join(home(), 'alone', file)),
      );

    const listed = objects((await run(['runs', '--filter', `sweep = ${header.id}`, '--json'])).stdout);
    assert.deepEqual(listed.map(({ sweep }) => (sweep as { trial: number }).trial).toSorted(), [1, 2, 3, 4]);
    const names = listed.map(({ name }) => String(name));
    for (const rate of RATES)
      assert.equal(names.filter((name) => name.endsWith(`lr ${rate}`)).length, 1, String(names));
  });

  it('stops with checkpoints at an interrupt, and says how to go on', async () => {
    const path = await write({ base: { ...base, training: { ...base.training, steps: 100_000 } } });
    let isStopped = false;
    const stopped = await run(['sweep', path, '--workers', '1', '--json'], (line, end) => {
      if (isStopped || !line.includes('"event":"validation"')) return;
      isStopped = true;
      end('SIGINT');
    });
    assert.equal(stopped.code, 130, stopped.stderr);
    assertNames(stopped.stderr, '--resume', path);
    const { trials } = await stored();
    const { state, progress } = await readRecord(join(home(), 'runs', trials[0]?.run ?? ''));
    assert.equal(state, 'stopped');
    assert.ok(progress.step >= 20);
    assert.deepEqual(
      trials.map(({ results }) => results.length),
      [0, 0, 0, 0],
    );
  });

  it('exits with 1 if a trial fails, and names it', async () => {
    const path = await write({ base: { ...base, data: { ...base.data, train: 'missing.txt' } } });
    const { code, stderr, stdout } = await run(['sweep', path]);
    assert.equal(code, 1);
    assertNames(stderr, '--resume');
    assertNames(stdout, 'missing.txt');
  });
});
