import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { readRangeTest } from '../../../src/catalog/study/rangeTest.ts';
import { parseRunConfig } from '../../../src/config/parse.ts';
import { rangeTestOf, rangeTestRates, rateOfStep } from '../../../src/config/rangeTest.ts';
import type { RunConfigInput } from '../../../src/config/schema.ts';
import type { RunEvent } from '../../../src/protocol/events.ts';
import type { ResumeChanges } from '../../../src/protocol/trainer.ts';
import { readMetrics } from '../../../src/runs/metricsLog.ts';
import { readRecord } from '../../../src/runs/record.ts';
import { DivergenceError } from '../../../src/training/update.ts';
import { describeDivergence } from '../../../src/worker/describeDivergence.ts';
import { Session } from '../../../src/worker/session.ts';
import { assertNames, errorWith } from '../../harness/facts.ts';
import { temporaryFolder } from '../runs/temporary.ts';
import { request } from './fixture.ts';

const STEPS = 60;

describe('range test', function () {
  this.timeout(180_000);
  const home = temporaryFolder();
  const { backends } = request('');

  const start = async (config: RunConfigInput, emit: (event: RunEvent) => void = () => undefined) => {
    const given = request(home(), config);
    return Session.start({ ...given, config: rangeTestOf(given.config, STEPS) }, emit);
  };
  const resume = async (folder: string, changes: ResumeChanges) =>
    Session.resume({ folder, changes, backends: { ...backends, home: home() } }, () => undefined);
  const curve = async (folder: string) =>
    (await readMetrics(folder)).flatMap((event) =>
      event.event === 'step' ? [{ rate: event.learningRate ?? NaN, loss: event.loss }] : [],
    );

  /** Trains a range test until a step, and stops it there. @returns its folder */
  async function stoppedAt(step: number): Promise<string> {
    const session = await start({}, (event) => {
      if (event.event === 'step' && event.step === step) session.control.stop();
    });
    assert.equal((await session.train()).steps, step);
    return session.folder;
  }

  it('has the same curve if it is interrupted in the middle and resumed', async () => {
    const whole = await start({});
    await whole.train();
    const halves = await stoppedAt(STEPS / 2);
    assert.equal((await (await resume(halves, {})).train()).reason, 'completed');
    assert.equal((await curve(whole.folder)).length, STEPS);
    assert.deepEqual(await curve(halves), await curve(whole.folder));
    const weights = async (folder: string) => readFile(join(folder, 'model', 'weights.bin'));
    assert.deepEqual(await weights(halves), await weights(whole.folder));
  });

  it('is not resumed with changes, nor beyond its last rate, and stays as it was', async () => {
    const folder = await stoppedAt(10);
    const before = await readFile(join(folder, 'run.json'), 'utf8');
    const refused: readonly ResumeChanges[] = [
      { learningRate: 0.001 },
      { clipNorm: 1 },
      { seconds: 100 },
      { steps: STEPS + 1 },
    ];
    const { id } = await readRecord(folder);
    for (const changes of refused)
      await assert.rejects(resume(folder, changes), errorWith({ name: 'UnusableError' }, id, STEPS));
    assert.equal(await readFile(join(folder, 'run.json'), 'utf8'), before);
    assert.equal((await (await resume(folder, { steps: 20 })).train()).steps, 20);
    assert.equal((await (await resume(folder, { steps: STEPS })).train()).steps, STEPS);
    await assert.rejects(resume(folder, { steps: 2 * STEPS }));
  });

  it('records the step whose rate it diverges at, though the loss of that step is not logged', async () => {
    const session = await start({
      model: { cell: 'rnn', activation: 'relu', recurrentInitializer: 'identity' },
      training: { optimizer: 'sgd', momentum: 0.9, clipNorm: 0 },
      data: { sequenceLength: 40 },
    });
    const end = await session.train();
    assert.equal(end.reason, 'diverged');
    const { progress, config, message } = await readRecord(session.folder);
    const losses = await curve(session.folder);
    assert.ok(losses.length >= 20 && losses.every(({ loss }) => loss !== null));
    const step = progress.learning?.step ?? NaN;
    assert.ok(step === end.steps || step === end.steps + 1, `${step} after ${end.steps}`);
    const rates = rangeTestRates(config);
    assert.ok(rates);
    const rate = rateOfStep(step, rates);
    assertNames(message ?? undefined, Number(rate.toPrecision(2)));
    const test = readRangeTest(losses, rate);
    assert.ok(typeof test === 'object' && test.diverges !== null && test.diverges <= rate);
  });

  it('ends at the rate of the update that overflowed, or of the step whose loss or gradient did', () => {
    const config = rangeTestOf(parseRunConfig({}), STEPS);
    const rates = rangeTestRates(config);
    assert.ok(rates);
    const endOf = (part: DivergenceError['part']) =>
      describeDivergence(new DivergenceError(part, 'kernel', NaN), { step: 30, keptStep: 30 }, config);
    for (const [part, step] of [
      ['forward', 31],
      ['backward', 31],
      ['update', 30],
    ] as const)
      assertNames(endOf(part), step, Number(rateOfStep(step, rates).toPrecision(2)));
  });
});
