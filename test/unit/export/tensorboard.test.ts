import assert from 'node:assert/strict';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import fc from 'fast-check';
import { StoredRun } from '../../../src/export/storedRun.ts';
import { EVENTS_FOLDER } from '../../../src/export/tensorboard/eventLog.ts';
import { RunEvents } from '../../../src/export/tensorboard/runEvents.ts';
import { type EventFile, eventFiles } from '../../../src/export/tensorboard/storedEvents.ts';
import { joinBytes } from '../../../src/format/bytes.ts';
import { disk, type Files } from '../../../src/platform/files.ts';
import type { MetricEvent } from '../../../src/protocol/events.ts';
import { Session } from '../../../src/worker/session.ts';
import { madeUpProbe } from '../../fixtures/probes.ts';
import { temporaryFolder } from '../runs/temporary.ts';
import { recorder, request } from '../worker/fixture.ts';
import { anyText, wellFormed } from './cells.ts';
import { ifReadable, python, readWithPython } from './readers.ts';

/** What the reader of event files returns. */
interface ReadEvents {
  readonly scalars: Readonly<Record<string, readonly (readonly [step: number, wallTime: number, value: number])[]>>;
  readonly histograms: Readonly<
    Record<string, readonly { step: number; min: number; limits: readonly number[]; counts: readonly number[] }[]>
  >;
  readonly texts: readonly (readonly [step: number, text: string])[];
  readonly columns: readonly string[];
  readonly metrics: readonly string[];
  readonly parameters: Readonly<Record<string, unknown>>;
  readonly started: number;
  readonly status: number | null;
}

const small = {
  data: { sequenceLength: 4 },
  model: { units: 3 },
  training: { steps: 12, batchSize: 2, validateEvery: 6, checkpointEvery: 6 },
  probes: { every: 6 },
  sampling: { every: 6, length: 5 },
};

const read = async (...folders: readonly string[]) => (await readWithPython('tensorboard', folders)) as ReadEvents[];

async function exported(...folders: readonly string[]) {
  const runs = await Promise.all(folders.map(async (folder) => StoredRun.open(folder)));
  const files: EventFile[] = [];
  for await (const file of eventFiles(runs)) files.push(file);
  return files;
}

/** Files whose operations in the folder of the events fail as on a full disk, from the N-th on. */
function failingAt(first: number): Files {
  let count = 0;
  const check = (path: string) => {
    if (path.includes(EVENTS_FOLDER) && ++count > first) throw new Error('ENOSPC: no space left on device');
  };
  return {
    ...disk,
    async makeFolder(path) {
      check(path);
      await disk.makeFolder(path);
    },
    async write(path, data) {
      check(path);
      await disk.write(path, data);
    },
    async append(path, data) {
      check(path);
      await disk.append(path, data);
    },
  };
}

describe('TensorBoard events', function () {
  this.timeout(120_000);
  const home = temporaryFolder();

  async function train(config = small, files: Files = disk) {
    const events = recorder();
    const session = await Session.start({ ...request(home(), config), tensorboard: '' }, events.emit, files);
    await session.train();
    return { folder: session.folder, events };
  }

  it('are the same whether they are written while a run trains or later', async () => {
    const { folder } = await train();
    const names = await readdir(join(folder, EVENTS_FOLDER));
    const [later] = await exported(folder);
    assert.deepEqual(names, [later?.name]);
    assert.deepEqual(new Uint8Array(await readFile(join(folder, EVENTS_FOLDER, names[0]!))), later?.bytes);
  });

  it('end with the first failure to write them, which is said once, and the run continues', async () => {
    for (const first of [0, 1, 2]) {
      const { folder, events } = await train(small, failingAt(first));
      assert.equal(events.of('end')[0]?.reason, 'completed');
      assert.equal(events.of('notice').length, 1, `failing operation ${first}`);
      const { record } = await StoredRun.open(folder);
      assert.deepEqual(record.notices.at(-1), events.of('notice')[0]?.text);
    }
  });

  (python ? it : it.skip)(`read back with TensorBoard${ifReadable}`, async () => {
    const { folder, events } = await train();
    const [got] = await read(join(folder, EVENTS_FOLDER));
    assert.ok(got);
    const { record } = await StoredRun.open(folder);
    const started = Date.parse(record.createdAt) / 1000;
    const steps = events.of('step');
    assert.deepEqual(
      got.scalars['loss/train'],
      steps.map(({ step, seconds, loss }) => [step, started + seconds, loss === null ? NaN : Math.fround(loss)]),
    );
    for (const [tag, key] of [
      ['gradient/norm', 'gradientNorm'],
      ['gradient/clipped_norm', 'clippedGradientNorm'],
      ['training/learning_rate', 'learningRate'],
      ['training/items_per_second', 'itemsPerSecond'],
    ] as const)
      assert.deepEqual(
        got.scalars[tag]?.map(([step, , value]) => [step, value]),
        steps.map((event) => [event.step, Math.fround(event[key] ?? NaN)]),
      );
    assert.deepEqual(
      got.scalars['loss/validation']?.map(([step, , value]) => [step, value]),
      events.of('validation').map(({ step, loss }) => [step, Math.fround(loss ?? NaN)]),
    );
    for (const { layers, flow } of [events.of('probe')[0]!.probe]) {
      for (const { layer, direction, gates } of layers)
        for (const { gate, histogram } of gates)
          assert.deepEqual(got.histograms[`gates/${layer}/${direction}/${gate}`]?.[0]?.counts, histogram);
      for (const { layer, direction, median } of flow)
        assert.deepEqual(got.histograms[`gradients/${layer}/${direction}/by_lag`]?.[0]?.counts, median);
    }
    for (const values of Object.values(got.histograms))
      assert.deepEqual(
        values.map(({ step }) => step),
        events.of('probe').map(({ probe }) => probe.step),
      );
    assert.deepEqual(
      got.texts.map(([step, markdown]) => [step, markdown.replaceAll(/^ {4}/gm, '')]),
      events.of('sample').map(({ step, prompt, text }) => [step, prompt + text]),
    );
    assert.equal(got.parameters['training.learningRate'], record.config.training.learningRate);
    assert.equal(got.parameters['model.cell'], record.config.model.cell);
    assert.deepEqual([...got.columns].sort(), Object.keys(got.parameters).sort());
    assert.deepEqual(got.metrics, ['loss/validation', 'loss/train']);
    assert.deepEqual([got.started, got.status], [started, 1]);
  });

  (python ? it : it.skip)(`have each step once after a run is resumed${ifReadable}`, async () => {
    const { folder } = await train();
    // What a process that was killed after its last checkpoint has written beyond it.
    const [name = ''] = await readdir(join(folder, EVENTS_FOLDER));
    const { record } = await StoredRun.open(folder);
    const beyond = new RunEvents(record).metric({
      ...{ event: 'step', step: 13, loss: 9, gradientNorm: 1, clippedGradientNorm: 1 },
      ...{ learningRate: 1, itemsPerSecond: 1, seconds: 1 },
    });
    await disk.append(join(folder, EVENTS_FOLDER, name), beyond);
    const { backends } = request(home());
    const events = recorder();
    const session = await Session.resume({ folder, changes: { steps: 20 }, backends, tensorboard: '' }, events.emit);
    await session.train();
    assert.equal((await readdir(join(folder, EVENTS_FOLDER))).length, 2);
    const [got] = await read(join(folder, EVENTS_FOLDER));
    const metrics = await (await StoredRun.open(folder)).metrics();
    assert.deepEqual(
      got?.scalars['loss/train']?.map(([step, , value]) => [step, value]),
      metrics.flatMap((event) => (event.event === 'step' ? [[event.step, Math.fround(event.loss ?? NaN)]] : [])),
    );
  });

  (python ? it : it.skip)(`hold any number and any text${ifReadable}`, async () => {
    const measured = fc.option(fc.double({ noNaN: true, noDefaultInfinity: true }));
    const any = fc.array(
      fc.oneof(
        fc.record({ loss: measured, gradientNorm: measured, clippedGradientNorm: measured }),
        fc.record({ text: anyText, prompt: anyText }),
      ),
      { maxLength: 20 },
    );
    const samples = fc.sample(any, 20);
    const { folder } = await train({ ...small, training: { ...small.training, steps: 1 } });
    const { record } = await StoredRun.open(folder);
    const folders = samples.map((_, i) => join(home(), `sample-${i}`));
    const written = samples.map((sample) =>
      sample.map((each, step): MetricEvent => {
        if ('text' in each) return { event: 'sample', step, temperature: 1, ...each };
        return { event: 'step', step: step + 1, ...each, learningRate: 0.1, itemsPerSecond: 1, seconds: step };
      }),
    );
    for (const [i, metrics] of written.entries()) {
      const events = new RunEvents(record);
      const probe = events.probe(madeUpProbe({ step: 0, lastStep: [1, null, 0, 1e-300, 1e30] }));
      const bytes = joinBytes([events.begin(0), probe, ...metrics.map((event) => events.metric(event))]);
      await mkdir(folders[i]!);
      await writeFile(join(folders[i]!, events.fileName(0)), bytes);
    }
    const got = await read(...folders);
    written.forEach((metrics, i) => {
      assert.deepEqual(
        (got[i]?.scalars['loss/train'] ?? []).map(([, , value]) => value),
        metrics.flatMap((event) => (event.event === 'step' ? [Math.fround(event.loss ?? NaN)] : [])),
      );
      assert.deepEqual(
        got[i]?.texts.map(([, markdown]) => markdown.replaceAll(/^ {4}/gm, '')),
        metrics.flatMap((event) => (event.event === 'sample' ? [wellFormed(event.prompt + event.text)] : [])),
      );
      assert.equal(got[i]?.status, null);
    });
  });
});
