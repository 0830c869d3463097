import assert from 'node:assert/strict';
import type { AgentContext, TrainingStatus } from '../../../src/agents/context.ts';
import { resumeRun } from '../../../src/agents/tools/resumeRun.ts';
import { isEndless } from '../../../src/config/limits.ts';
import type { ResumeChanges } from '../../../src/protocol/trainer.ts';
import { runsFolder } from '../../../src/runs/home.ts';
import { exampleRecord, writeExample } from '../runs/examples.ts';
import { temporaryFolder } from '../runs/temporary.ts';
import { fakeContext } from './fakeLab.ts';

describe('resume_run', () => {
  const home = temporaryFolder();
  const resumed: ResumeChanges[] = [];

  function context(phase?: TrainingStatus['phase']): AgentContext {
    const { trainings } = fakeContext();
    return fakeContext({
      home: home(),
      trainings: {
        ...trainings,
        status: () => phase && { phase },
        resume: async ({ changes }) => {
          resumed.push(changes);
          return Promise.resolve({ run: 'run-a' });
        },
      },
    });
  }

  /** Writes a run that has trained for 60 s and 100 steps. */
  async function store(limits: { readonly steps: number; readonly secondsLimit: number }): Promise<void> {
    resumed.length = 0;
    await writeExample(runsFolder(home()), exampleRecord('run-a', limits));
  }

  /** The changes of the run that was resumed; null if the call was refused, before the user was asked. */
  async function changes(args: object): Promise<ResumeChanges | null> {
    const asked = await resumeRun.confirmation({ run: 'run-a', ...args }, context());
    const answer = await resumeRun.call({ run: 'run-a', ...args }, context());
    assert.equal(asked.ok, answer.ok);
    return answer.ok ? (resumed.at(-1) ?? null) : null;
  }

  it('refuses a run whose time is used up, until it has more time or steps without a limit of the time', async () => {
    await store({ steps: 1_000_000_000, secondsLimit: 60 });
    assert.equal(await changes({}), null);
    assert.equal(await changes({ seconds: 60 }), null);
    assert.deepEqual(await changes({ steps: 150 }), { steps: 150, seconds: 0 });
    const { steps = 0, seconds } = (await changes({ seconds: 90 })) ?? {};
    assert.deepEqual([isEndless(steps), seconds], [true, 90]);
  });

  it('refuses a run whose steps are used up, until it has more steps or time without a limit of the steps', async () => {
    await store({ steps: 100, secondsLimit: 0 });
    assert.equal(await changes({}), null);
    assert.equal(await changes({ steps: 100 }), null);
    assert.deepEqual(await changes({ steps: 101 }), { steps: 101, seconds: 0 });
    assert.equal((await changes({ seconds: 61 }))?.seconds, 61);
  });

  it('leaves the limits of a run that has some left', async () => {
    await store({ steps: 200, secondsLimit: 90 });
    assert.deepEqual(await changes({ learningRate: 0.5 }), { learningRate: 0.5 });
  });

  for (const phase of ['preparing', 'waiting', 'training'] as const)
    it(`refuses a run that trains or begins soon: ${phase}`, async () => {
      await store({ steps: 200, secondsLimit: 0 });
      const answer = await resumeRun.call({ run: 'run-a' }, context(phase));
      assert.ok(!answer.ok);
      assert.deepEqual(resumed, []);
    });
});
