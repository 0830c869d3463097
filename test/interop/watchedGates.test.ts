import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { root } from '../../scripts/lib/paths.ts';
import { ensureTorch } from '../../scripts/lib/torch.ts';
import { cells } from '../../src/config/cells.ts';
import type { LayerProbe, Probe } from '../../src/protocol/probes.ts';
import { readProbes } from '../../src/runs/probeStore.ts';
import { LoggedRun } from '../../src/worker/loggedRun.ts';
import { OpenedRun } from '../../src/worker/openedRun.ts';
import { importRun } from '../../src/worker/portable/importRun.ts';
import type { Inspector } from '../../src/worker/inspector/inspector.ts';
import type { Inspection } from '../../src/protocol/inspection.ts';
import { prepareOrSkip } from '../harness/prepareOrSkip.ts';
import { temporaryFolder } from '../unit/runs/temporary.ts';

const run = promisify(execFile);
const TOLERANCE = 1e-4;
/** Share of two of the values of a gate of 7 units at 51 steps. */
const EDGE = 2.1 / (7 * 51);
const ENVIRONMENT = { tensorflowPath: '', threads: 1, wideSimd: true };

interface Curves {
  readonly h: readonly number[];
  readonly c: readonly number[] | null;
}

/** What PyTorch computes with a model: see `watchedModels.py`. */
interface Expected {
  readonly title: string;
  readonly text: string;
  readonly layers: readonly {
    /** `[time][unit]` by gate. */
    readonly gates: Readonly<Record<string, readonly (readonly number[])[]>>;
    readonly lastStep: Curves;
    readonly summed: Curves;
  }[];
}

describe('gates and gradients at each step of models of PyTorch', function () {
  this.timeout(300_000);
  const home = temporaryFolder();
  let models = '';
  before(async function () {
    const python = await prepareOrSkip(this, ensureTorch);
    models = join(await mkdtemp(join(tmpdir(), 'sequence-lab-test-')), 'models');
    const script = join(root, 'test', 'fixtures', 'watchedModels.py');
    await run(python, ['-B', script, join(root, 'media', 'python'), models]);
  });
  after(async () => rm(dirname(models), { recursive: true, force: true }));

  /** Calls a function with the imported model, and with what was logged of it. */
  const each = async (
    check: (found: {
      readonly expected: Expected;
      readonly opened: OpenedRun;
      readonly logged: LoggedRun;
      readonly folder: string;
    }) => Promise<void>,
  ) => {
    const numbers = await readdir(models);
    assert.ok(numbers.length >= 7);
    for (const number of numbers) {
      const folder = join(models, number);
      const expected = JSON.parse(await readFile(join(folder, 'expected.json'), 'utf8')) as Expected;
      const backends = { ...ENVIRONMENT, home: home() };
      const choices = expected.title.startsWith('rnn')
        ? { activation: expected.title.endsWith('relu') ? ('relu' as const) : ('tanh' as const) }
        : {};
      const { folder: path } = await importRun({ file: join(folder, 'model.pt'), choices, backends }, new Date());
      const opened = await OpenedRun.open(path, backends);
      const logged = new LoggedRun(join(folder, 'logged'));
      try {
        await check({ expected, opened, logged, folder });
      } finally {
        opened.dispose();
        logged.dispose();
      }
    }
  };

  it('the gates of an imported model and those that watch logs are those of the equations', async () => {
    await each(async ({ expected, opened, logged }) => {
      const text = expected.text.slice(0, -1);
      const own = await opened.inspector.inspect({ reader: 'test', text, from: 0, top: 1 });
      const read = await logged.inspector.readLogged();
      assert.deepEqual([read.tokens.join(''), read.step], [text, 1], expected.title);
      for (const [inspector, inspection] of [
        [opened.inspector, own],
        [logged.inspector, read],
      ] as const)
        compareGates(inspector, inspection, expected);
      read.surprisal.forEach((value, t) =>
        assert.ok(Math.abs((value ?? 0) - (own.surprisal[t] ?? 0)) < TOLERANCE, `${expected.title}, surprisal ${t}`),
      );
    });
  });

  it('the gradients of a probe and those that watch logs are those of autograd at each lag', async () => {
    await each(async ({ expected, opened, folder }) => {
      const own = await opened.probe(expected.text, 'zero');
      const [logged, ...others] = await readProbes(join(folder, 'logged'));
      assert.ok(logged && others.length === 0, expected.title);
      for (const [name, probe] of [
        ['own', own],
        ['logged', logged],
      ] as const)
        expected.layers.forEach((layer, k) => {
          const found = probe.layers[k];
          assert.ok(found);
          compareCurves(found, layer, `${expected.title}, ${name}, layer ${k}`);
        });
      compareProbes(own, logged, expected.title);
    });
  });
});

function compareGates(inspector: Inspector, inspection: Inspection, { title, layers }: Expected): void {
  assert.equal(inspection.layers.length, layers.length, title);
  inspection.layers.forEach(({ layer, direction, cell, units }, k) => {
    const names = cells[cell].activations.map(({ name }) => name);
    assert.deepEqual(new Set(names), new Set(Object.keys(layers[k]?.gates ?? {})), title);
    for (let unit = 0; unit < units; unit++) {
      const { traces } = inspector.unitTraces({ inspection: inspection.id, layer, direction, unit });
      for (const { activation, values } of traces)
        values.forEach((value, t) => {
          const wanted = layers[k]?.gates[activation]?.[t]?.[unit] ?? NaN;
          assert.ok(
            Math.abs((value ?? NaN) - wanted) < TOLERANCE,
            `${title}, ${activation} ${t} ${unit}: ${value}, ${wanted}`,
          );
        });
    }
  });
}

function compareCurves(
  { lastStep, lastStepNorm, summed }: LayerProbe,
  expected: Expected['layers'][number],
  where: string,
): void {
  const first = expected.lastStep.h[0] ?? NaN;
  isClose(lastStepNorm, first, where);
  isCloseCurve(lastStep.h, relative(expected.lastStep.h), `${where}, h`);
  isCloseCurve(lastStep.c, expected.lastStep.c && relative(expected.lastStep.c), `${where}, c`);
  isCloseCurve(summed.h, expected.summed.h, `${where}, summed h`);
  isCloseCurve(summed.c, expected.summed.c, `${where}, summed c`);
}

/** Everything that the two probes have in common. */
function compareProbes(own: Probe, logged: Probe, title: string): void {
  assert.deepEqual([logged.timeSteps, logged.verdict], [own.timeSteps, own.verdict], title);
  isClose(logged.loss, own.loss, `${title}, loss`);
  // The norm of all parameters is not compared: a layer of PyTorch has two biases where ours has their sum.
  own.flow.forEach((flow, k) => {
    isCloseCurve(logged.flow[k]?.median ?? null, flow.median, `${title}, median`);
    isClose(logged.flow[k]?.growthPerStep.value, flow.growthPerStep.value, `${title}, growth`);
  });
  own.layers.forEach((layer, k) => {
    const other = logged.layers[k];
    assert.ok(other);
    isClose(other.sigmaMax, layer.sigmaMax, `${title}, sigma`);
    isClose(other.forgetBias, layer.forgetBias, `${title}, forget bias`);
    isCloseCurve(other.forgetProduct, layer.forgetProduct, `${title}, forget product`);
    assert.deepEqual(
      other.gates.map(({ gate }) => gate),
      layer.gates.map(({ gate }) => gate),
      title,
    );
    layer.gates.forEach(({ gate, histogram }, place) =>
      // A value on the edge of two bins may fall into either.
      histogram.forEach((share, bin) =>
        assert.ok(Math.abs((other.gates[place]?.histogram[bin] ?? NaN) - share) < EDGE, `${title}, ${gate}, ${bin}`),
      ),
    );
  });
}

function relative(curve: readonly number[]): number[] {
  return curve.map((value) => value / (curve[0] ?? NaN));
}

function isCloseCurve(
  curve: readonly (number | null)[] | null,
  expected: readonly (number | null)[] | null,
  where: string,
): void {
  assert.equal(curve?.length, expected?.length, where);
  curve?.forEach((value, lag) => isClose(value, expected?.[lag], `${where}, lag ${lag}`));
}

function isClose(value: number | null | undefined, expected: number | null | undefined, where: string): void {
  if (typeof value !== 'number' || typeof expected !== 'number') assert.equal(value ?? null, expected ?? null, where);
  else
    assert.ok(Math.abs(value - expected) <= TOLERANCE * Math.abs(expected) + 1e-9, `${where}: ${value}, ${expected}`);
}
