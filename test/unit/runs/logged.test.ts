import assert from 'node:assert/strict';
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { appendFile, mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import fc from 'fast-check';
import { root } from '../../../scripts/lib/paths.ts';
import { effectiveFields } from '../../../src/config/applicability.ts';
import { taskNames } from '../../../src/config/task.ts';
import { catalogRun } from '../../../src/catalog/storedRun.ts';
import { capabilitiesOf } from '../../../src/host/runs/capabilities.ts';
import { RunList } from '../../../src/host/runs/runList.ts';
import { say } from '../../../src/phrases/phrase.ts';
import type { MetricEvent } from '../../../src/protocol/events.ts';
import { readLoggedGates } from '../../../src/runs/logged/loggedGates.ts';
import { readOwnRecord } from '../../../src/runs/logged/ownRecord.ts';
import { lockHolder } from '../../../src/runs/lock.ts';
import { METRICS_FILE, readMetrics } from '../../../src/runs/metricsLog.ts';
import { MetricsTail } from '../../../src/runs/metricsTail.ts';
import { readProbes } from '../../../src/runs/probeStore.ts';
import { readRecord } from '../../../src/runs/record.ts';
import { RunIndex } from '../../../src/runs/runIndex.ts';
import { errorWith } from '../../harness/facts.ts';
import { eventually } from '../../harness/until.ts';
import { ifReadable, python } from '../export/readers.ts';
import { temporaryFolder } from './temporary.ts';

const script = (name: string) => join(root, 'test', 'fixtures', name);
const MODULE = join(root, 'media', 'python');
const args = (folder: string, name: string) => ['-B', script('loggedRuns.py'), MODULE, folder, name];
const logged = async (folder: string, name: string) => promisify(execFile)(python, args(folder, name));
/** Logs runs as a program may do it wrong. Returns the warnings, and what was printed as an error. */
const accident = async (folder: string, name: string) => {
  const { stdout, stderr } = await promisify(execFile)(python, [
    ...['-B', script('loggedAccidents.py'), MODULE, folder, name],
  ]);
  return { warnings: JSON.parse(stdout || '[]') as string[], stderr };
};
const withPython = python ? it : it.skip;

/** What a program has to write at least. */
const LEAST = {
  version: 1,
  origin: 'logged',
  id: 'loop',
  name: 'loop',
  createdAt: '2026-01-01T00:00:00Z',
  state: 'running',
  program: { name: 'PyTorch' },
  progress: {
    step: 2,
    seconds: 1,
    trainLoss: 1,
    valLoss: null,
    best: null,
    validations: { count: 0, best: null, recent: [] },
  },
};

const lineOf = (step: number): string => `${JSON.stringify({ event: 'step', step, loss: 1 / step, seconds: step })}\n`;

async function writeLeast(folder: string, change: object = {}): Promise<void> {
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, 'run.json'), JSON.stringify({ ...LEAST, ...change }));
}

describe('a run that another program logs', function () {
  this.timeout(120_000);
  const home = temporaryFolder();
  const folderOf = () => join(home(), 'run');

  withPython(`is read as it was written${ifReadable}`, async () => {
    const folder = folderOf();
    await logged(folder, 'whole');
    const record = await readRecord(folder);
    assert.equal(record.state, 'completed');
    assert.deepEqual([record.name, record.steps, record.progress.step], ['ferry.txt', 40, 30]);
    const events = await readMetrics(folder);
    const steps = events.filter((event) => event.event === 'step');
    assert.deepEqual(
      steps.map(({ step, loss, gradientNorm, clippedGradientNorm, learningRate }) => ({
        ...{ step, loss, gradientNorm, clippedGradientNorm, learningRate },
      })),
      Array.from({ length: 30 }, (_, i) => ({
        step: i + 1,
        loss: 3 / (i + 1),
        gradientNorm: i + 2,
        clippedGradientNorm: Math.min(5, i + 2),
        learningRate: 0.01,
      })),
    );
    assert.equal(events.filter(({ event }) => event === 'validation').length, 15);
    // The configuration has what the program says, and other settings are facts.
    assert.deepEqual(
      new Set(effectiveFields(record.config)),
      new Set([
        ...['task.name', 'training.learningRate', 'training.optimizer'],
        ...['model.family', 'model.cell', 'model.layers', 'model.units'],
      ]),
    );
    assert.equal(record.config.model.units, 3);
    assert.ok(JSON.stringify(record.facts).includes('128'));
    assert.deepEqual(record.baselines, { uniform: Math.log(6) });
    assert.deepEqual(record.progress.learning?.advice, []);
  });

  withPython(`is judged by the code that judges our own runs${ifReadable}`, async () => {
    const folder = folderOf();
    await logged(folder, 'whole');
    const probes = await readProbes(folder);
    assert.deepEqual(
      probes.map(({ step }) => step),
      [10, 20, 30],
    );
    const [flow] = probes[0]?.flow ?? [];
    const [layer] = probes[0]?.layers ?? [];
    // The gradient halves with each step back in each of six sequences: after seven steps 1/128 is left.
    assert.deepEqual([flow?.verdict, flow?.sequences, flow?.window], ['vanishing', 6, 7]);
    flow?.median.forEach((value, lag) => assert.ok(Math.abs((value ?? 0) - 0.5 ** lag) < 1e-5));
    assert.ok(Math.abs((flow?.growthPerStep.value ?? 0) - 0.5) < 1e-5);
    assert.deepEqual([layer?.units, layer?.gates.length], [3, 4]);
    const gates = await readLoggedGates(folder);
    assert.equal(gates.tokens.join(''), 'the sea');
    const [{ outputs = [] } = {}] = gates.layers;
    // Blocks of input, forget, candidate and output, of 3 units each.
    const forget = Array.from({ length: 7 }, (_, t) => outputs[2]?.[12 * t + 3 + 1]);
    forget.forEach((value, t) => assert.ok(Math.abs((value ?? NaN) - t / 6) < 1e-6));
  });

  withPython(`keeps how it ended${ifReadable}`, async () => {
    await logged(join(home(), 'failed'), 'failed');
    const failed = await readRecord(join(home(), 'failed'));
    assert.equal(failed.state, 'failed');
    assert.ok(say(failed.message ?? '').includes('no more data'));
    await logged(join(home(), 'dropped'), 'dropped');
    assert.equal((await readRecord(join(home(), 'dropped'))).state, 'interrupted');
    await logged(join(home(), 'diverged'), 'diverged');
    const { progress } = await readRecord(join(home(), 'diverged'));
    assert.deepEqual(
      progress.learning?.findings.map(({ verdict }) => verdict),
      ['not-finite'],
    );
  });

  withPython(`was interrupted if its process is gone${ifReadable}`, async () => {
    const folder = folderOf();
    const child = spawn(python, args(folder, 'killed'), { stdio: ['ignore', 'pipe', 'inherit'] });
    await once(child.stdout, 'data');
    const stateOf = async () =>
      catalogRun({ folder, record: await readRecord(folder), holder: await lockHolder(folder) }).state;
    assert.equal(await lockHolder(folder), child.pid);
    assert.equal(await stateOf(), 'running');
    child.kill('SIGKILL');
    await once(child, 'exit');
    assert.equal(await lockHolder(folder), undefined);
    assert.equal(await stateOf(), 'interrupted');
  });

  withPython(`never ends its program: what cannot be logged is a warning${ifReadable}`, async () => {
    await mkdir(folderOf());
    const { stdout } = await logged(folderOf(), 'unusable');
    const messages = JSON.parse(stdout) as string[];
    assert.equal(messages.length, 3, stdout);
    for (const [index, fact] of ['not empty', 'no number', 'reset'].entries())
      assert.ok(messages[index]?.includes(fact), messages[index]);
    const { progress } = await readRecord(join(folderOf(), 'run'));
    assert.equal(progress.trainLoss, 1);
  });

  withPython(
    `is readable with whatever arguments it began, and names those that it cannot keep${ifReadable}`,
    async () => {
      const { warnings } = await accident(folderOf(), 'arguments');
      for (const argument of [
        'baselines',
        'steps',
        'task',
        'unit',
        'vocabulary',
        'config',
        'name',
        'gradient_norm',
        'items',
      ])
        assert.ok(
          warnings.some((warning) => warning.includes(`: ${argument}`)),
          argument,
        );
      const numbers = await readdir(folderOf());
      assert.equal(numbers.length, 15);
      for (const number of numbers) {
        const folder = join(folderOf(), number);
        const { state, progress } = await readRecord(folder);
        assert.deepEqual([state, progress.step], ['completed', 2], number);
        const steps = await readMetrics(folder);
        assert.deepEqual(
          steps.map((event) => event.event === 'step' && event.loss),
          [1, 2],
          number,
        );
        assert.ok(!(await readdir(folder)).includes('lock'), number);
      }
      assert.deepEqual((await readRecord(join(folderOf(), '0'))).baselines, { unigram: 2 });
      assert.equal((await readRecord(join(folderOf(), '2'))).steps, 5);
    },
  );

  withPython(`knows the tasks that a run can have${ifReadable}`, async () => {
    const code =
      'import json, sys; sys.path.insert(0, sys.argv[1]); import sequence_lab_log as s; print(json.dumps(s.TASKS))';
    const { stdout } = await promisify(execFile)(python, ['-B', '-c', code, MODULE]);
    assert.deepEqual(new Set(JSON.parse(stdout) as string[]), new Set(taskNames));
  });

  withPython(`has probes and gates that can be read, and says what it left out of them${ifReadable}`, async () => {
    const { warnings } = await accident(folderOf(), 'probes');
    const folder = join(folderOf(), 'probes');
    const probes = await readProbes(folder);
    // The third has curves of different lengths, which is a warning.
    assert.deepEqual(
      probes.map(({ step, batch, timeSteps }) => [step, batch, timeSteps]),
      [
        [1, 256, 5000],
        [2, 2, 9],
      ],
    );
    const gates = await readLoggedGates(folder);
    assert.deepEqual([gates.tokens.join(''), gates.layers.map(({ layer }) => layer)], ['abcd', ['lstm', 'decoder']]);
    const short = await readLoggedGates(join(folderOf(), 'short'));
    assert.deepEqual(
      [short.tokens, short.surprisal],
      [
        ['a', 'b'],
        [null, 1],
      ],
    );
    for (const facts of [['256'], ['5000'], ['not finite'], ['encoder', '9', '4'], ['c of the layer'], ['2 tokens']])
      assert.ok(
        warnings.some((warning) => facts.every((fact) => warning.includes(fact))),
        facts.join(),
      );
  });

  withPython(`has one writer, and of the processes of torchrun the first${ifReadable}`, async () => {
    await accident(folderOf(), 'same_folder');
    for (const name of ['shared', 'ranks'])
      assert.deepEqual((await readdir(join(folderOf(), name))).sort(), ['metrics.jsonl', 'run.json'], name);
  });

  withPython(`has every step though the disk was full and its program did not end it${ifReadable}`, async () => {
    await accident(folderOf(), 'torn');
    const folder = join(folderOf(), 'torn');
    const events = await readMetrics(folder);
    assert.deepEqual(
      events.map(({ step }) => step),
      [...Array.from({ length: 41 }, (_, i) => i + 1), 41],
    );
    const { state, progress } = await readRecord(folder);
    assert.deepEqual([state, progress.step, progress.validationLoss], ['interrupted', 41, 0.5]);
    assert.deepEqual((await readdir(folder)).sort(), ['metrics.jsonl', 'run.json']);
  });

  withPython(`goes on where warnings are errors${ifReadable}`, async () => {
    const { stderr } = await accident(folderOf(), 'strict');
    assert.ok(stderr.includes('steps=0') && stderr.includes('no number'), stderr);
    assert.equal((await readRecord(join(folderOf(), 'strict'))).state, 'completed');
  });

  withPython(`has diverged if its last loss is not finite and nothing else was said${ifReadable}`, async () => {
    await accident(folderOf(), 'diverged');
    const states = ['nan', 'back', 'said'].map(async (name) => (await readRecord(join(folderOf(), name))).state);
    assert.deepEqual(await Promise.all(states), ['diverged', 'completed', 'stopped']);
  });

  it('needs few facts, and is listed with them from the index too', async () => {
    const runs = join(home(), 'runs');
    await writeLeast(join(runs, 'loop'));
    const list = async () => (await new RunIndex(runs, { settled: -1 }).list()).runs[0];
    for (const run of [await list(), await list()]) {
      assert.equal(run?.record.logged?.planned, false);
      assert.deepEqual([...effectiveFields(run.record.config)], []);
    }
  });

  it('refuses what needs its weights, and offers no action that does', async () => {
    await writeLeast(folderOf());
    await assert.rejects(readOwnRecord(folderOf()), errorWith({ name: 'UnusableError' }, folderOf(), 'import'));
    const view = { state: 'completed', writes: true, backend: null, logged: { planned: true } } as const;
    assert.deepEqual(capabilitiesOf({ view, progress: { step: 1 } }, false), ['delete']);
  });

  it('is refused by name if its files do not have their form', async () => {
    const folder = folderOf();
    const cases: readonly (readonly [object, string])[] = [
      [{ name: '' }, 'name'],
      [{ state: 'imported' }, 'state'],
      [{ progress: {} }, 'progress'],
      [{ layers: [{ layer: 'x', direction: 'up', cell: 'lstm', units: 1 }] }, 'direction'],
      [{ config: Object.fromEntries(Array.from({ length: 300 }, (_, i) => [`s${i}`, 1])) }, 'config'],
    ];
    for (const [change, fact] of cases) {
      await writeLeast(folder, change);
      await assert.rejects(readRecord(folder), errorWith({ name: 'UnusableError' }, 'run.json', fact));
    }
    await writeFile(join(folder, 'gates.json'), '{"version":1,"step":1,"tokens":["a"],"layers":[]}');
    await assert.rejects(readLoggedGates(folder), errorWith({ name: 'UnusableError' }, 'gates.json'));
  });

  it('keeps a setting that ours cannot have as a fact', async () => {
    await writeLeast(folderOf(), { config: { 'model.units': 1e9, seed: 3, constructor: 1, 'a.b': true } });
    const { config, facts, logged: of } = await readRecord(folderOf());
    assert.deepEqual([config.seed, of?.known], [3, ['seed']]);
    for (const fact of ['model.units', 'constructor', 'a.b']) assert.ok(JSON.stringify(facts).includes(fact), fact);
  });
});

describe('a log that another process writes', () => {
  const home = temporaryFolder();

  it('is read as a whole, wherever its writing was interrupted', async () => {
    const lines = Array.from({ length: 20 }, (_, i) => lineOf(i + 1)).join('');
    let number = 0;
    await fc.assert(
      fc.asyncProperty(fc.uniqueArray(fc.integer({ min: 0, max: lines.length }), { maxLength: 8 }), async (cuts) => {
        const folder = join(home(), String(number++));
        await mkdir(folder);
        const tail = new MetricsTail(folder);
        const found: MetricEvent[] = [...(await tail.read()).events];
        const ends = [...cuts.sort((a, b) => a - b), lines.length];
        for (const [index, end] of ends.entries()) {
          await appendFile(join(folder, METRICS_FILE), lines.slice(ends[index - 1] ?? 0, end));
          const { events, isNew, damage } = await tail.read();
          assert.deepEqual([isNew, damage], [false, undefined]);
          found.push(...events);
        }
        assert.deepEqual(found, await readMetrics(folder));
        assert.equal(found.length, 20);
      }),
      { numRuns: 30 },
    );
  });

  it('is read again from its beginning if it was replaced', async () => {
    const path = join(home(), METRICS_FILE);
    await writeFile(path, [1, 2, 3].map(lineOf).join(''));
    const tail = new MetricsTail(home());
    await tail.read();
    await writeFile(path, [1, 2, 7, 8].map(lineOf).join(''));
    const { isNew, events } = await tail.read();
    assert.deepEqual([isNew, events.map(({ step }) => step)], [true, [1, 2, 7, 8]]);
  });

  it('is read past a damaged line, which is named', async () => {
    await writeFile(join(home(), METRICS_FILE), `${lineOf(1)}nonsense\n${lineOf(3)}`);
    const { events, damage } = await new MetricsTail(home()).read();
    assert.deepEqual(
      events.map(({ step }) => step),
      [1, 3],
    );
    assert.ok(damage?.message.includes(METRICS_FILE) && damage.message.includes('2'), damage?.message);
  });

  it('names a probe that cannot be read', async () => {
    const runs = join(home(), 'runs');
    await writeLeast(join(runs, 'loop'));
    await mkdir(join(runs, 'loop', 'probes'));
    await writeFile(join(runs, 'loop', 'probes', 'step-7.json'), '{"version":1,"origin":"logged"}');
    const list = new RunList({
      folder: () => runs,
      isLive: () => false,
      changedRun: () => undefined,
      changedList: () => undefined,
    });
    await list.refresh();
    const run = list.get('loop');
    assert.ok(run);
    await list.loadMetrics(run);
    assert.ok(run.view.notices.some((notice) => say(notice).includes('step-7.json')));
  });

  it('moves the curves of its run, without what was read being read again', async () => {
    const runs = join(home(), 'runs');
    const folder = join(runs, 'loop');
    await writeLeast(folder);
    await writeFile(join(folder, METRICS_FILE), [1, 2].map(lineOf).join(''));
    const list = new RunList({
      folder: () => runs,
      isLive: () => false,
      changedRun: () => undefined,
      changedList: () => undefined,
    });
    await list.refresh();
    const run = list.get('loop');
    assert.ok(run);
    await list.loadMetrics(run);
    const { revision } = run;
    assert.equal(run.curves.series.trainLoss.length, 2);
    // A torn line is waited for, and a damaged one is a notice.
    await appendFile(join(folder, METRICS_FILE), `${lineOf(3)}broken\n${lineOf(4).slice(0, 10)}`);
    await writeLeast(folder, { progress: { ...LEAST.progress, step: 3 } });
    await eventually(async () => {
      await list.refresh();
      assert.deepEqual([...run.curves.series.trainLoss.x], [1, 2, 3]);
    });
    assert.ok(run.view.notices.some((notice) => say(notice).includes(METRICS_FILE)));
    await appendFile(join(folder, METRICS_FILE), lineOf(4).slice(10));
    await writeLeast(folder, { progress: { ...LEAST.progress, step: 4 } });
    await eventually(async () => {
      await list.refresh();
      assert.deepEqual([run.step, [...run.curves.series.trainLoss.x]], [4, [1, 2, 3, 4]]);
    });
    assert.equal(run.revision, revision);
    assert.equal(run.curves.series.gradientNorm.length, 0);
    assert.ok((await readFile(join(folder, METRICS_FILE), 'utf8')).length > 0);
  });
});
