import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { withDataFrom } from '../../../src/config/dataPaths.ts';
import { parseRunConfig } from '../../../src/config/parse.ts';
import type { RunConfigInput } from '../../../src/config/schema.ts';
import { taskNames } from '../../../src/config/task.ts';
import { meets, tasks } from '../../../src/config/tasks.ts';
import type { StartRequest } from '../../../src/protocol/trainer.ts';
import { readMetrics } from '../../../src/runs/metricsLog.ts';
import { readRecord } from '../../../src/runs/record.ts';
import { evaluate } from '../../../src/worker/evaluate.ts';
import { Session } from '../../../src/worker/session.ts';
import { taskKinds } from '../../../src/worker/tasks/registry.ts';
import { temporaryFolder } from '../runs/temporary.ts';
import { assertReferences, assertResumesExactly, request, train, generatedText } from './fixture.ts';
import { assertNames, errorWith } from '../../harness/facts.ts';
import { say } from '../../../src/phrases/phrase.ts';

/** Each task with the scores of its validations and the losses of its baselines at the lengths below. */
const GENERATED = {
  'temporal-order': { scores: 'accuracy', guesses: ['1.386'] },
  adding: { scores: '', guesses: ['0.167'] },
  copying: { scores: 'accuracy,sequenceAccuracy', guesses: ['2.197', '0.945'] },
  counting: { scores: 'accuracy,sequenceAccuracy', guesses: ['0.693', '0.481'] },
  recall: { scores: 'accuracy', guesses: ['1.386'] },
} as const;

type GeneratedName = keyof typeof GENERATED;

const samples = fileURLToPath(new URL('../../../media/samples/', import.meta.url));

describe('tasks that generate their data', function () {
  this.timeout(180_000);
  const home = temporaryFolder();

  function generated(name: GeneratedName, config: RunConfigInput = {}): StartRequest {
    const { backends } = request(home());
    return {
      config: parseRunConfig({
        task: { name, validationSequences: 30, ...(name === 'recall' && { distance: 6 }) },
        backend: 'reference',
        ...config,
        data: { sequenceLength: name === 'copying' ? 22 : 10, ...config.data },
        model: { units: 6, ...config.model },
        training: {
          batchSize: 4,
          steps: 10,
          validateEvery: 5,
          checkpointEvery: 5,
          stopWhenSolved: false,
          ...config.training,
        },
      }),
      source: { kind: 'generated' },
      backends,
    };
  }

  for (const [name, { scores: names, guesses }] of Object.entries(GENERATED) as [
    GeneratedName,
    (typeof GENERATED)[GeneratedName],
  ][]) {
    it(`${name}: reports its facts and baselines, validates on the same sequences, and writes no samples`, async () => {
      const { folder, events, end } = await train(generated(name, { sampling: { every: 1 } }));
      const [start] = events.of('start');
      assert.ok(start);
      assertReferences(start);
      assert.deepEqual([start.task, start.name, start.text], [name, say(tasks[name].title), null]);
      assert.match(start.facts.map(say).join(), /\b(10|22)\b.*\b30\b/);
      assert.equal(events.of('report').length > 0, tasks[name].reports);
      assert.deepEqual(
        Object.values(start.baselines).map((loss) => loss.toFixed(3)),
        [...guesses],
      );
      assert.deepEqual(
        events.of('validation').map(({ n, scores }) => [n, Object.keys(scores ?? {}).join()]),
        [
          [30, names],
          [30, names],
        ],
      );
      assert.equal(events.of('sample').length, 0);
      assert.equal(end.reason, 'completed');
      assert.equal((await readRecord(folder)).source, null);
    });

    it(`${name}: resumes exactly: 10 steps, and 5 resumed to 10, end with identical weights`, async () => {
      const config = {
        model: { cell: 'gru', layers: 2, dropout: 0.2, units: 4 },
        training: { optimizer: 'sgd', momentum: 0.5 },
      } as const;
      const { whole, half } = await assertResumesExactly((steps) =>
        generated(name, { ...config, training: { ...config.training, steps } }),
      );
      const losses = async (folder: string) =>
        (await readMetrics(folder)).map((event) => ('loss' in event ? event.loss : null));
      assert.deepEqual(await losses(half.folder), await losses(whole.folder));
    });
  }

  it('end when a validation meets the criterion, unless configured to continue', async () => {
    const config = {
      data: { sequenceLength: 10 },
      model: { units: 10 },
      training: { batchSize: 16, learningRate: 0.03, steps: 400, validateEvery: 10, checkpointEvery: 1000 },
    };
    const solved = await train(
      generated('temporal-order', { ...config, training: { ...config.training, stopWhenSolved: true } }),
    );
    assert.ok(solved.end.steps < 400, `${solved.end.steps} steps`);
    assert.deepEqual([solved.end.reason, solved.end.solved], ['completed', true]);
    assertNames(solved.end.message, solved.end.steps, 'accuracy', 0.99);
    assert.deepEqual((await readRecord(solved.folder)).message, solved.end.message);
    const steps = solved.end.steps + 10;
    const unsolved = await train(generated('temporal-order', { ...config, training: { ...config.training, steps } }));
    assert.deepEqual([unsolved.end.steps, unsolved.end.message], [steps, undefined]);
  });

  it('meet a criterion on the loss from above and on a score from below', () => {
    assert.ok(meets({ measure: 'loss', atMost: 0.01 }, { loss: 0.01 }));
    assert.ok(!meets({ measure: 'loss', atMost: 0.01 }, { loss: 0.011 }));
    assert.ok(meets({ measure: 'accuracy', atLeast: 0.99 }, { loss: 9, scores: { accuracy: 0.99 } }));
    assert.ok(!meets({ measure: 'accuracy', atLeast: 0.99 }, { loss: 0 }));
  });

  it('can be timed without data', async () => {
    for (const name of taskNames) {
      const { model } = parseRunConfig({ model: { cell: 'rnn', units: 3 } });
      const trainer = taskKinds[name].timedLoop({ task: name, model, timeSteps: 10, batchSize: 2, inputs: 6 });
      const { loss } = await trainer.step(0.01, { clipNorm: 1, clipValue: 0 });
      assert.ok(Number.isFinite(loss), name);
    }
  });

  it('reject a file and too short a sequence, and leave no files behind', async () => {
    const start = generated('adding');
    await assert.rejects(
      Session.start({ ...start, source: { kind: 'text', text: 'x', name: 'x.txt' } }, () => undefined),
      errorWith({ name: 'InputError', code: 'not-a-file' }, 'adding'),
    );
    await assert.rejects(
      Session.start(generated('temporal-order', { data: { sequenceLength: 9 } }), () => undefined),
      errorWith({ name: 'ConfigError', fields: ['data.sequenceLength'] }, 9, 'temporal-order', 10),
    );
    assert.ok(!existsSync(join(home(), 'runs')));
  });

  it('report that their models do not generate or score text', async () => {
    const { folder } = await train(generated('adding'));
    const { backends } = request(home());
    await assert.rejects(
      evaluate(folder, 'x.txt', {}, backends),
      errorWith({ name: 'UnusableError' }, say(tasks.adding.title)),
    );
    await assert.rejects(
      generatedText({ folder, backends }),
      errorWith({ name: 'UnusableError' }, say(tasks.adding.title)),
    );
  });

  it('have valid sample configurations whose data exists', async () => {
    const names = (await readdir(samples)).filter((name) => name.endsWith('.sequence-lab.json'));
    const configs = await Promise.all(
      names.map(async (name) =>
        withDataFrom(samples, parseRunConfig(JSON.parse(await readFile(join(samples, name), 'utf8')))),
      ),
    );
    assert.deepEqual([...new Set(configs.map(({ task }) => task.name))].sort(), [...taskNames].sort());
    for (const config of configs) {
      const { train: path } = config.data;
      const source = tasks[config.task.name].generated
        ? ({ kind: 'generated' } as const)
        : ({ kind: 'file', path } as const);
      if (source.kind === 'generated' || path !== '')
        assert.ok((await taskKinds[config.task.name].load(source, config)).name);
    }
  });
});
