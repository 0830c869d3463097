import assert from 'node:assert/strict';
import { join } from 'node:path';
import fc from 'fast-check';
import * as z from 'zod';
import { rounded } from '../../../src/agents/rounded.ts';
import { getRun } from '../../../src/agents/tools/getRun.ts';
import { disk } from '../../../src/platform/files.ts';
import { runsFolder } from '../../../src/runs/home.ts';
import { METRICS_FILE } from '../../../src/runs/metricsLog.ts';
import { exampleRecord, writeExample } from '../runs/examples.ts';
import { temporaryFolder } from '../runs/temporary.ts';
import { fakeContext } from './fakeLab.ts';

const live = z.object({
  step: z.int(),
  seconds: z.number(),
  trainLoss: z.number().nullable(),
  validationLoss: z.number().nullable(),
  best: z.object({ step: z.int(), loss: z.number() }).nullable(),
});

/** Losses of steps from 1 on; null for one that is not finite. */
const losses = fc.array(
  fc.oneof({ weight: 60, arbitrary: fc.integer({ min: 1, max: 1000 }) }, { weight: 1, arbitrary: fc.constant(null) }),
  {
    minLength: 1,
    maxLength: 150,
  },
);

describe('get_run', () => {
  const home = temporaryFolder();

  const answerOf = async (args: object = {}) => {
    const answer = await getRun.call({ run: 'run-a', ...args }, fakeContext({ home: home() }));
    assert.ok(answer.ok, JSON.stringify(answer));
    return answer.content;
  };

  const store = async (events: readonly object[], record = exampleRecord('run-a')) => {
    const folder = await writeExample(runsFolder(home()), record);
    const lines = events.map((event) => `${JSON.stringify(event)}\n`).join('');
    await disk.write(join(folder, METRICS_FILE), lines);
  };

  it('returns the losses of one moment, wherever the last checkpoint is', async () => {
    await fc.assert(
      fc.asyncProperty(losses, fc.nat(), async (values, at) => {
        const events = values.flatMap((loss, i) => [
          { event: 'step', step: i + 1, loss, seconds: i + 1 },
          { event: 'validation', step: i + 1, loss },
        ]);
        const bestOf = (until: number) =>
          values.slice(0, until).reduce<{ step: number; loss: number } | null>((best, loss, i) => {
            return loss !== null && (best === null || loss < best.loss) ? { step: i + 1, loss } : best;
          }, null);
        // Training losses are means of 100 steps, and of all before.
        const meanOf = (until: number) => {
          const recent = values.slice(Math.max(0, until - 100), until).map((each) => each ?? NaN);
          return recent.reduce((sum, each) => sum + each, 0) / recent.length;
        };
        const step = at % (values.length + 1);
        const loss = values[step - 1] ?? null;
        const { progress } = exampleRecord('run-a');
        const best = bestOf(step);
        await store(
          events,
          exampleRecord('run-a', {
            progress: {
              ...progress,
              step,
              seconds: step,
              trainLoss: step === 0 ? null : meanOf(step) || null,
              validationLoss: loss,
              best,
            },
          }),
        );
        const { trainLoss, ...others } = live.parse(await answerOf());
        assert.deepEqual(others, {
          step: values.length,
          seconds: values.length,
          validationLoss: values.at(-1) ?? null,
          best: bestOf(values.length),
        });
        assert.equal(trainLoss, rounded(meanOf(values.length)));
      }),
      { numRuns: 50 },
    );
  });
});
