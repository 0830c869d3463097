import assert from 'node:assert/strict';
import fc from 'fast-check';
import * as z from 'zod';
import { compareRuns } from '../../../src/agents/tools/compareRuns.ts';
import { getRun } from '../../../src/agents/tools/getRun.ts';
import { listRuns } from '../../../src/agents/tools/listRuns.ts';
import type { AgentTool } from '../../../src/agents/tool.ts';
import { phrase } from '../../../src/phrases/phrase.ts';
import { runsFolder } from '../../../src/runs/home.ts';
import { exampleRecord, writeExample } from '../runs/examples.ts';
import { temporaryFolder } from '../runs/temporary.ts';
import { fakeContext } from './fakeLab.ts';

const rate = fc.double({ min: 1e-6, max: 1, noNaN: true });

describe('values of configurations in answers', () => {
  const home = temporaryFolder();

  const answerOf = async <T extends z.ZodType>(tool: AgentTool, args: object, schema: T): Promise<z.output<T>> => {
    const answer = await tool.call(args, fakeContext({ home: home() }));
    assert.ok(answer.ok);
    return schema.parse(answer.content);
  };

  it('are exact, and those of results are short', async () => {
    const loss = 1.23456789;
    await fc.assert(
      fc.asyncProperty(rate, rate, async (a, b) => {
        fc.pre(a !== b);
        for (const [id, learningRate] of [
          ['run-a', a],
          ['run-b', b],
        ] as const) {
          const { progress } = exampleRecord(id);
          const changes = { 'training.learningRate': learningRate };
          const texts = { label: phrase('Label'), why: phrase('Why') };
          const advice = [{ name: 'lowerLearningRate', ...texts, changes, occasion: 'plateau', odds: null }] as const;
          await writeExample(
            runsFolder(home()),
            exampleRecord(id, {
              config: { training: { learningRate } },
              progress: {
                ...progress,
                best: { step: 1, loss },
                learning: { step: 1, findings: [], advice: [...advice] },
              },
            }),
          );
        }
        const field = 'training.learningRate';
        const one = await answerOf(
          getRun,
          { run: 'run-a' },
          z.object({
            config: z.record(z.string(), z.unknown()),
            best: z.object({ loss: z.number() }),
            verdict: z.object({ advice: z.array(z.object({ set: z.record(z.string(), z.number()) })) }),
          }),
        );
        assert.equal(one.config[field], a);
        assert.equal(one.verdict.advice[0]?.set[field], a);
        assert.equal(one.best.loss, 1.235);
        const { differs } = await answerOf(
          compareRuns,
          { runs: ['run-a', 'run-b'] },
          z.object({ differs: z.array(z.object({ field: z.string(), values: z.array(z.unknown()) })) }),
        );
        assert.deepEqual(differs, [{ field, values: [a, b] }]);
        const { runs } = await answerOf(
          listRuns,
          { columns: ['lr', 'best'], sort: ['id'] },
          z.object({ runs: z.array(z.object({ values: z.record(z.string(), z.unknown()) })) }),
        );
        assert.deepEqual(
          runs.map(({ values }) => values),
          [a, b].map((learningRate) => ({ [field]: learningRate, best: 1.235 })),
        );
      }),
      { numRuns: 20 },
    );
  });
});
