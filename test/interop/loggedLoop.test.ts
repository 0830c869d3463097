import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { root } from '../../scripts/lib/paths.ts';
import { ensureKeras, KERAS_ENVIRONMENT } from '../../scripts/lib/keras.ts';
import { ensureTorch } from '../../scripts/lib/torch.ts';
import { runsFolder } from '../../src/runs/home.ts';
import { readMetrics } from '../../src/runs/metricsLog.ts';
import { readProbes } from '../../src/runs/probeStore.ts';
import { readRecord } from '../../src/runs/record.ts';
import { RunIndex } from '../../src/runs/runIndex.ts';
import { LoggedRun } from '../../src/worker/loggedRun.ts';
import { prepareOrSkip } from '../harness/prepareOrSkip.ts';
import { temporaryFolder } from '../unit/runs/temporary.ts';

const run = promisify(execFile);
const rhyme = Array.from({ length: 60 }, (_, i) => `the gull and the sea, ${i % 7} times the sea\n`).join('');
const EXAMPLE = 'media/python/sequence_lab_log_example.py';

describe('a loop of PyTorch that logs its run', function () {
  this.timeout(300_000);
  const home = temporaryFolder();
  let python = '';
  before(async function () {
    python = await prepareOrSkip(this, ensureTorch);
  });

  it('is the example of the documentation', async () => {
    const document = await readFile(join(root, 'docs', 'interop.md'), 'utf8');
    const [, shown = ''] = document.split(`<!-- example: ${EXAMPLE} -->\n\`\`\`python\n`);
    const code = await readFile(join(root, EXAMPLE), 'utf8');
    assert.equal(shown.slice(0, shown.indexOf('```')).trim(), code.slice(code.indexOf('\nimport')).trim());
  });

  it('is a run of the run store, with curves, gradients, gates and verdicts', async () => {
    const text = join(home(), 'rhyme.txt');
    await writeFile(text, rhyme);
    const env = { ...process.env, SEQUENCE_LAB_HOME: home() };
    await run(python, ['-B', join(root, EXAMPLE), text, '120'], { env });
    const { runs, unreadable } = await new RunIndex(runsFolder(home())).list();
    assert.deepEqual([runs.length, unreadable], [1, []]);
    const [listed] = runs;
    assert.ok(listed);
    const { folder, record, holder } = listed;
    assert.deepEqual([record.state, holder, record.progress.step], ['completed', undefined, 120]);
    assert.ok(record.parameters > 0);
    const events = await readMetrics(folder);
    const losses = events.flatMap((event) => (event.event === 'step' ? [event.loss ?? NaN] : []));
    assert.equal(losses.length, 120);
    assert.ok((losses.at(-1) ?? NaN) < (losses[0] ?? NaN) - 0.3);
    const probes = await readProbes(folder);
    assert.deepEqual(
      probes.map(({ step }) => step),
      [1, 100],
    );
    for (const { flow, layers, parameters } of probes) {
      assert.deepEqual([layers[0]?.cell, layers[0]?.units, flow[0]?.sequences], ['lstm', 64, 16]);
      assert.ok(parameters.length >= 6);
    }
    const logged = new LoggedRun(folder);
    const inspection = await logged.inspector.readLogged();
    assert.ok(rhyme.includes(inspection.tokens.join('')));
    logged.dispose();
    assert.deepEqual((await readdir(folder)).sort(), ['gates.json', 'metrics.jsonl', 'probes', 'run.json']);
  });

  it('computes layers step by step as PyTorch does: directions, lengths, projections, cells', async () => {
    const { stdout } = await run(python, [
      '-B',
      join(root, 'test', 'fixtures', 'watchedLayers.py'),
      join(root, 'media', 'python'),
      join(home(), 'runs'),
    ]);
    assert.ok(Number(stdout) >= 12, stdout);
  });

  it('leaves the model as it was, and says what it cannot measure', async () => {
    const { stdout } = await run(python, [
      '-B',
      join(root, 'test', 'fixtures', 'watchedAccidents.py'),
      join(root, 'media', 'python'),
      join(home(), 'runs'),
    ]);
    assert.ok((JSON.parse(stdout) as string[]).length >= 10, stdout);
  });
});

describe('fit of Keras that logs its run', function () {
  this.timeout(300_000);
  const home = temporaryFolder();
  let python = '';
  before(async function () {
    python = await prepareOrSkip(this, ensureKeras);
  });

  it('has the loss of each batch, also of several that Keras runs together, and its validations', async () => {
    const script = join(root, 'test', 'fixtures', 'loggedKeras.py');
    const { stdout } = await run(python, ['-B', script, join(root, 'media', 'python'), home()], {
      env: { ...process.env, ...KERAS_ENVIRONMENT },
    });
    const wanted = JSON.parse(stdout) as Record<string, readonly number[]>;
    for (const [name, together] of [
      ['each', 1],
      ['together', 5],
    ] as const) {
      const folder = join(home(), name);
      const { state, steps } = await readRecord(folder);
      assert.deepEqual([state, steps], ['completed', 20], name);
      const events = await readMetrics(folder);
      const taken = events.filter((event) => event.event === 'step');
      assert.deepEqual(
        taken.map(({ step }) => step),
        Array.from({ length: 20 / together }, (_, i) => (i + 1) * together),
      );
      taken.forEach(({ loss }, i) => assert.ok(Math.abs((loss ?? NaN) - (wanted[name]?.[i] ?? NaN)) < 1e-4, name));
      const validations = events.filter((event) => event.event === 'validation');
      assert.deepEqual(
        validations.map(({ scores }) => Object.keys(scores ?? {})),
        [['accuracy'], ['accuracy']],
      );
    }
  });
});
