import assert from 'node:assert/strict';
import { mkdirSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import type { AgentContext, TrainingStatus } from '../../../src/agents/context.ts';
import { getRun } from '../../../src/agents/tools/getRun.ts';
import { stopRun } from '../../../src/agents/tools/stopRun.ts';
import { disk } from '../../../src/platform/files.ts';
import { runsFolder } from '../../../src/runs/home.ts';
import { RunLock } from '../../../src/runs/lock.ts';
import { plannedTrials } from '../../../src/sweeps/plannedTrials.ts';
import { createSweep } from '../../../src/sweeps/sweepStore.ts';
import { exampleRecord, writeExample } from '../runs/examples.ts';
import { temporaryFolder } from '../runs/temporary.ts';
import { sweepOf } from '../sweeps/examples.ts';
import { fakeContext } from './fakeLab.ts';

describe('stop_run', () => {
  const home = temporaryFolder();

  /** A context whose trainings have the given phases, and the ids that were stopped. */
  function training(phases: Readonly<Record<string, TrainingStatus['phase']>>) {
    const stopped: string[] = [];
    const { trainings } = fakeContext();
    const context: AgentContext = fakeContext({
      home: home(),
      trainings: {
        ...trainings,
        status: (id) => (phases[id] === undefined ? undefined : { phase: phases[id] }),
        stop: async (id) => {
          stopped.push(id);
          return Promise.resolve(phases[id] !== undefined);
        },
      },
    });
    return { context, stopped };
  }

  /** What the user confirms and what the agent reads, of a call that stops something. */
  async function texts(run: string, context: AgentContext): Promise<string> {
    const asked = await stopRun.confirmation({ run }, context);
    const answer = await stopRun.call({ run }, context);
    assert.ok(asked.ok && answer.ok, JSON.stringify([asked, answer]));
    return JSON.stringify([asked.confirmation?.details, answer.content['next']]);
  }

  async function refusal(run: string, context: AgentContext): Promise<string> {
    const [asked, answer] = [await stopRun.confirmation({ run }, context), await stopRun.call({ run }, context)];
    assert.ok(!asked.ok && !answer.ok);
    assert.equal(asked.message, answer.message);
    return answer.message;
  }

  for (const phase of ['preparing', 'waiting'] as const)
    it(`stops a run that has no record yet, or is to be resumed, and speaks of no new checkpoint: ${phase}`, async () => {
      await writeExample(runsFolder(home()), exampleRecord('run-a', { state: 'stopped' }));
      const { context, stopped } = training({ 'run-a': phase, 'run-new': phase });
      const [resumed, fresh] = [await texts('run-a', context), await texts('run-new', context)];
      assert.deepEqual(stopped, ['run-a', 'run-new']);
      const other = training({ 'run-b': 'training' });
      const lock = await RunLock.acquire(
        await writeExample(runsFolder(home()), exampleRecord('run-b', { state: 'running' })),
        disk,
      );
      const begun = await texts('run-b', other.context).finally(async () => lock.release());
      assert.equal(resumed, fresh);
      assert.notEqual(resumed, begun);
    });

  it('finds a run that is to be resumed by the beginning of its id', async () => {
    await writeExample(runsFolder(home()), exampleRecord('run-a', { state: 'stopped' }));
    const { context, stopped } = training({ 'run-a': 'waiting' });
    await texts('run', context);
    assert.deepEqual(stopped, ['run-a']);
  });

  it('names the sweep of a trial that a sweep of this program trains', async () => {
    const sweep = { id: 'sweep-a', trial: 1 };
    const folder = await writeExample(runsFolder(home()), exampleRecord('run-a', { state: 'running', sweep }));
    const lock = await RunLock.acquire(folder, disk);
    try {
      const { context, stopped } = training({ 'sweep-a': 'sweeping' });
      assert.ok((await refusal('run-a', context)).includes('"sweep-a"'));
      assert.ok(!(await refusal('run-a', training({}).context)).includes('sweep-a'));
      assert.deepEqual(stopped, []);
    } finally {
      await lock.release();
    }
  });

  it('says of a sweep that has ended that it is a sweep, with the filter of its trials', async () => {
    const sweep = sweepOf({ fields: { 'model.units': { values: [3, 5] } } });
    const source = { kind: 'generated' } as const;
    const request = { sweep, trials: plannedTrials(sweep), file: null, sha256: '', source, parent: null };
    const open = await createSweep(home(), request, new Date(), disk);
    await open.close();
    const { id } = open.plan.state.header;
    for (const { context } of [training({}), training({ [id]: 'ended' })])
      assert.ok((await refusal(id, context)).includes(`sweep = "${id}"`));
    assert.ok(!(await refusal('sweep', training({}).context)).includes(`sweep = "`));
  });

  it('stops nothing that does not train, or that another program trains', async () => {
    const folder = await writeExample(runsFolder(home()), exampleRecord('run-a'));
    const { context, stopped } = training({ 'run-a': 'ended' });
    await refusal('run-a', context);
    const lock = await RunLock.acquire(folder, disk);
    await refusal('run-a', training({}).context).finally(async () => lock.release());
    assert.deepEqual(stopped, []);
  });

  it('and get_run: the second waits for a run that waits for its turn', async () => {
    const { context } = training({});
    let asked = 0;
    await writeExample(join(home(), 'later'), exampleRecord('run-new'));
    const status = (): TrainingStatus | undefined => {
      asked++;
      if (asked === 2) {
        mkdirSync(runsFolder(home()));
        renameSync(join(home(), 'later', 'run-new'), join(runsFolder(home()), 'run-new'));
      }
      return asked < 2 ? { phase: 'waiting' } : undefined;
    };
    const waiting = { ...context, trainings: { ...context.trainings, status } };
    const answer = await getRun.call({ run: 'run-new', waitSeconds: 60 }, waiting);
    assert.ok(answer.ok, JSON.stringify(answer));
    assert.equal(answer.content['id'], 'run-new');
  });

  it('and get_run tell a run that waits from one that reads its data', async () => {
    const messages = [];
    for (const phase of ['preparing', 'waiting'] as const) {
      const answer = await getRun.call({ run: 'run-new' }, training({ 'run-new': phase }).context);
      assert.ok(!answer.ok);
      messages.push(answer.message);
    }
    assert.notEqual(messages[0], messages[1]);
  });
});
