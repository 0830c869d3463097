import assert from 'node:assert/strict';
import { join } from 'node:path';
import type { AgentContext } from '../../../src/agents/context.ts';
import { startSweep } from '../../../src/agents/tools/startSweep.ts';
import { parseRunConfig } from '../../../src/config/parse.ts';
import { rangeTestOf, rangeTestRates, rateOfStep } from '../../../src/config/rangeTest.ts';
import { disk } from '../../../src/platform/files.ts';
import { say } from '../../../src/phrases/phrase.ts';
import { runsFolder } from '../../../src/runs/home.ts';
import { METRICS_FILE } from '../../../src/runs/metricsLog.ts';
import type { NewSweep } from '../../../src/sweeps/sweepStore.ts';
import { exampleRecord, writeExample } from '../runs/examples.ts';
import { temporaryFolder } from '../runs/temporary.ts';
import { fakeContext } from './fakeLab.ts';

const config = { task: { name: 'copying' }, model: { cell: 'gru', units: 7, forgetBias: 3 } } as const;
const fields = { 'model.units': { values: [3, 5] } };

describe('start_sweep from a run', () => {
  const home = temporaryFolder();
  let started: NewSweep[];
  /** Sentences of the last confirmation. */
  let details: readonly string[];

  beforeEach(async () => {
    started = [];
    await writeExample(runsFolder(home()), exampleRecord('run-a', { config, source: null }));
  });

  async function start(sweep: object) {
    const { trainings } = fakeContext();
    const context: AgentContext = fakeContext({
      home: home(),
      trainings: {
        ...trainings,
        startSweep: async (request) => {
          started.push(request);
          return Promise.resolve({ sweep: 'sweep-a', trials: 2 });
        },
      },
    });
    const asked = await startSweep.confirmation({ sweep }, context);
    const answer = await startSweep.call({ sweep }, context);
    assert.equal(asked.ok, answer.ok);
    details = asked.ok ? (asked.confirmation?.details ?? []).map(say) : [];
    return answer;
  }

  it('takes its configuration, and leaves out what has no effect in it', async () => {
    const answer = await start({ from: 'run-a', fields });
    assert.ok(answer.ok, JSON.stringify(answer));
    assert.equal(started[0]?.parent, 'run-a');
    // The user and the agent see what that is.
    assert.deepEqual(answer.content['dropped'], ['model.forgetBias']);
    assert.ok(details.some((detail) => detail.includes('model.forgetBias')));
    const { base } = started[0].sweep;
    assert.deepEqual(base.model, { ...parseRunConfig(config).model, forgetBias: parseRunConfig({}).model.forgetBias });
    // What the sweep itself says has to have an effect.
    assert.ok(!(await start({ from: 'run-a', base: { model: { forgetBias: 2 } }, fields })).ok);
  });

  it('begins with the run that a range test tests, and with the rate that it suggests', async () => {
    const test = rangeTestOf(parseRunConfig(config));
    const rates = rangeTestRates(test);
    assert.ok(rates);
    const { steps } = test.training;
    const parent = { run: 'run-a', reason: 'again', changes: {} } as const;
    const { progress } = exampleRecord('run-t');
    const record = exampleRecord('run-t', {
      config: test,
      parent,
      source: null,
      steps,
      progress: { ...progress, step: steps },
    });
    const folder = await writeExample(runsFolder(home()), record);
    const lines = Array.from({ length: steps }, (_, i) => {
      const loss = 2 + Math.abs(Math.log10(rateOfStep(i + 1, rates) / 0.1)) / 2;
      return `${JSON.stringify({ event: 'step', step: i + 1, loss, seconds: i + 1 })}\n`;
    });
    await disk.write(join(folder, METRICS_FILE), lines.join(''));
    assert.ok((await start({ from: 'run-t', fields })).ok);
    assert.ok((await start({ from: 'run-t', base: { training: { learningRate: 0.5 } }, fields })).ok);
    const [suggested, given] = started.map(({ sweep: { base } }) => base.training.learningRate);
    assert.ok(Math.abs(Math.log((suggested ?? 0) / (0.1 / 3))) < 0.3, String(suggested));
    assert.equal(given, 0.5);
    assert.deepEqual(
      started.map(({ parent: run, sweep }) => [run, sweep.base.training.schedule]),
      [
        ['run-a', 'constant'],
        ['run-a', 'constant'],
      ],
    );
  });

  it('says that the run of a range test is missing', async () => {
    const parent = { run: 'gone', reason: 'again', changes: {} } as const;
    const record = exampleRecord('run-t', { config: rangeTestOf(parseRunConfig(config)), parent, source: null });
    await writeExample(runsFolder(home()), record);
    assert.ok(!(await start({ from: 'run-t', fields })).ok);
    assert.deepEqual(started, []);
  });
});
