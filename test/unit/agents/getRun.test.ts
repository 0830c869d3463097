import assert from 'node:assert/strict';
import { join } from 'node:path';
import fc from 'fast-check';
import * as z from 'zod';
import { rounded } from '../../../src/agents/rounded.ts';
import { getRun } from '../../../src/agents/tools/getRun.ts';
import { disk } from '../../../src/platform/files.ts';
import { annotate } from '../../../src/runs/annotations.ts';
import { phrase } from '../../../src/phrases/phrase.ts';
import { type Finding, headlineOf, runHeadline } from '../../../src/protocol/verdicts.ts';
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

  it('returns at most the points that the agent wants, also of a run that has diverged', async () => {
    const broken = fc.array(fc.oneof(fc.integer({ min: 1, max: 1000 }), fc.constant(null)), { maxLength: 100 });
    await fc.assert(
      fc.asyncProperty(broken, fc.integer({ min: 2, max: 20 }), async (values, points) => {
        await store(values.map((loss, i) => ({ event: 'step', step: i + 1, loss, seconds: i + 1 })));
        const { curves } = z
          .object({ curves: z.object({ trainLoss: z.array(z.tuple([z.int(), z.number().nullable()])) }) })
          .parse(await answerOf({ points }));
        assert.ok(curves.trainLoss.length <= points, `${curves.trainLoss.length} of ${points}`);
        const found = values.filter((value) => value !== null);
        const kept = curves.trainLoss.flatMap(([, value]) => value ?? []);
        assert.equal(Math.max(...kept), Math.max(...found));
        assert.equal(Math.min(...kept), Math.min(...found));
      }),
      { numRuns: 100 },
    );
  });

  it('calls a run healthy only after a probe, as its trainer does', async () => {
    const verdict = async () => z.looseObject({ headline: z.string().nullable() }).parse((await answerOf())['verdict']);
    await store([]);
    assert.equal((await verdict()).headline, null);
    const { progress } = exampleRecord('run-a');
    const overfits: Finding = {
      ...({ verdict: 'overfitting', layer: null, direction: null } as const),
      ...{ sentence: phrase('It stalls.'), numbers: {} },
    };
    const learning = { step: 100, findings: [overfits], advice: [] };
    await store([], exampleRecord('run-a', { progress: { ...progress, learning } }));
    assert.equal((await verdict()).headline, 'overfitting');
    for (const findings of [[], [overfits]])
      for (const wasProbed of [false, true])
        assert.equal(runHeadline(findings, wasProbed), findings.length > 0 || wasProbed ? headlineOf(findings) : null);
  });

  it('marks texts that it shortens', async () => {
    const long = 'ä😀'.repeat(2000);
    await store([{ event: 'sample', step: 1, prompt: long, temperature: 1, text: long }]);
    const folder = join(runsFolder(home()), 'run-a');
    await annotate(folder, { note: long }, disk);
    const { samples, annotations } = z
      .object({
        samples: z.array(z.object({ prompt: z.string(), text: z.string() })),
        annotations: z.object({ note: z.string() }),
      })
      .parse(await answerOf());
    for (const text of [samples[0]?.prompt, samples[0]?.text, annotations.note]) {
      assert.ok(text?.endsWith('…') && Array.from(text).length < 2002, text);
      assert.ok(long.startsWith(text?.slice(0, -1) ?? 'x'));
    }
  });
});
