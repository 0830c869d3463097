import assert from 'node:assert/strict';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { inspectData } from '../../../src/agents/tools/inspectData.ts';
import { parseRunConfig } from '../../../src/config/parse.ts';
import { trainingFor } from '../../../src/protocol/trainingFor.ts';
import type { AgentContext, Trainings } from '../../../src/agents/context.ts';
import { startTraining } from '../../../src/agents/tools/startTraining.ts';
import { runsFolder } from '../../../src/runs/home.ts';
import { exampleRecord, writeExample } from '../runs/examples.ts';
import { temporaryFolder } from '../runs/temporary.ts';
import { exampleInspection } from './exampleInspection.ts';
import { fakeContext } from './fakeLab.ts';

type Started = Parameters<Trainings['start']>[0];

describe('start_training', () => {
  const home = temporaryFolder();
  const workspace = () => join(home(), 'workspace');
  const old = () => join(workspace(), 'old.txt');
  let started: Started[];

  const context = (change: Partial<AgentContext> = {}) => {
    const whole = fakeContext({ home: home(), workspace: [workspace()], ...change });
    const start = async (request: Started) => {
      started.push(request);
      return Promise.resolve({ run: 'new' });
    };
    return { ...whole, trainings: { ...whole.trainings, start } };
  };

  const start = async (args: object, change?: Partial<AgentContext>) => {
    const asked = await startTraining.confirmation(args, context(change));
    const answer = await startTraining.call(args, context(change));
    assert.equal(asked.ok, answer.ok);
    return answer;
  };

  beforeEach(async () => {
    started = [];
    await mkdir(workspace());
    for (const name of ['old.txt', 'new.txt']) await writeFile(join(workspace(), name), name);
    await writeExample(
      runsFolder(home()),
      exampleRecord('run-a', { source: { path: old(), sha256: 'ab', snapshot: false, files: [] } }),
    );
    await writeExample(
      runsFolder(home()),
      exampleRecord('run-b', { config: { task: { name: 'copying' } }, source: null }),
    );
  });

  it('trains on the data that the configuration records', async () => {
    const path = join(workspace(), 'new.txt');
    assert.ok((await start({ from: 'run-a', set: { 'data.train': 'new.txt' } })).ok);
    assert.ok((await start({ set: { 'data.train': 'new.txt' } })).ok);
    for (const { config, source } of started) {
      assert.deepEqual(source, { kind: 'file', path });
      assert.equal(config.data.train, path);
    }
    assert.deepEqual(started[0]?.parent?.changes, { 'data.train': path });
    assert.ok((await start({ from: 'run-a', set: { 'model.units': 3 } })).ok);
    assert.deepEqual(started[2]?.source, { kind: 'file', path: old() });
  });

  it('refuses arguments that name different data, and data outside', async () => {
    for (const args of [
      { path: 'old.txt', set: { 'data.train': 'new.txt' } },
      { path: 'old.txt', from: 'run-a' },
      { from: 'run-a', set: { 'data.train': '../new.txt' } },
      { from: 'run-b', set: { 'data.train': 'new.txt' } },
      { from: 'run-b', set: { 'task.name': 'language-model', 'data.train': '/etc/passwd' } },
    ]) {
      const answer = await start(args);
      assert.ok(!answer.ok && answer.message.length > 20, JSON.stringify(args));
    }
    assert.deepEqual(started, []);
  });

  it('begins with the settings, whatever the task, and changes what is set', async () => {
    const scopes: (string | undefined)[] = [];
    const settings = parseRunConfig({ model: { cell: 'gru', units: 12, forgetBias: 3 }, training: { batchSize: 5 } });
    const defaults = (path?: string) => {
      scopes.push(path);
      return settings;
    };
    const path = join(workspace(), 'new.txt');
    assert.ok((await start({ path: 'new.txt', set: { 'model.units': 3 } }, { defaults })).ok);
    assert.ok((await start({ set: { 'data.train': 'new.txt', 'task.name': 'classification' } }, { defaults })).ok);
    assert.ok((await start({ set: { 'task.name': 'copying' } }, { defaults })).ok);
    assert.deepEqual(
      started.map(({ config }) => [config.task.name, config.model.units, config.training.batchSize]),
      [
        ['language-model', 3, 5],
        ['classification', 12, 5],
        ['copying', 12, 5],
      ],
    );
    // Each call is confirmed first.
    assert.deepEqual(scopes, [path, path, path, path, undefined, undefined]);
    // What is set has to have an effect.
    assert.ok(!(await start({ path: 'new.txt', set: { 'model.forgetBias': 2 } }, { defaults })).ok);
  });

  it('leaves out what has no effect in the new configuration, and names it', async () => {
    const config = { model: { cell: 'lstm', forgetBias: 3 }, training: { optimizer: 'sgd', momentum: 0.5 } } as const;
    await writeExample(runsFolder(home()), exampleRecord('run-c', { config, source: null }));
    const set = { 'model.cell': 'gru', 'training.optimizer': 'adam', 'data.train': 'new.txt' };
    const asked = await startTraining.confirmation({ from: 'run-c', set }, context());
    const answer = await start({ from: 'run-c', set });
    assert.ok(asked.ok && answer.ok, JSON.stringify(answer));
    assert.deepEqual(answer.content['dropped'], ['model.forgetBias', 'training.momentum']);
    const details = JSON.stringify(asked.confirmation?.details);
    assert.ok(details.includes('model.forgetBias') && details.includes('training.momentum'));
    const defaults = parseRunConfig({});
    const [made] = started;
    assert.deepEqual(
      [made?.config.model.forgetBias, made?.config.training.momentum],
      [defaults.model.forgetBias, defaults.training.momentum],
    );
    assert.deepEqual((await start({ from: 'run-a' })).ok && started.at(-1)?.config.model, defaults.model);
    // What the call itself sets has to have an effect.
    assert.ok(!(await start({ from: 'run-c', set: { ...set, 'model.forgetBias': 2 } })).ok);
  });

  it('leaves out the fields of another task, and names those that were set', async () => {
    const config = { task: { name: 'classification', minimumCount: 7 } } as const;
    await writeExample(runsFolder(home()), exampleRecord('run-d', { config }));
    const answer = await start({ from: 'run-d', set: { 'task.name': 'copying', 'data.sequenceLength': 30 } });
    assert.ok(answer.ok, JSON.stringify(answer));
    assert.deepEqual(answer.content['dropped'], ['task.minimumCount']);
    assert.deepEqual(started[0]?.source, { kind: 'generated' });
  });

  it('trains as inspect_data proposes', async () => {
    const path = join(workspace(), 'new.txt');
    const settings = parseRunConfig({ model: { units: 12 }, training: { batchSize: 5, clipNorm: 0.123456789 } });
    const trainers = { ...fakeContext().trainers, ask: async () => Promise.resolve(exampleInspection as never) };
    const change = { defaults: () => settings, trainers };
    const answer = await inspectData.call({ path: 'new.txt' }, context(change));
    assert.ok(answer.ok, JSON.stringify(answer));
    const { start: set } = answer.content;
    assert.ok((await start({ path: 'new.txt', set }, change)).ok);
    assert.deepEqual(started[0]?.config, trainingFor(exampleInspection, settings));
    assert.deepEqual(started[0].source, { kind: 'file', path });
  });
});
