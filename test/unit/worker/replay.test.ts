import assert from 'node:assert/strict';
import { cp, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import fc from 'fast-check';
import { parseRunConfig } from '../../../src/config/parse.ts';
import type { RunConfigInput } from '../../../src/config/schema.ts';
import type { Probe } from '../../../src/protocol/probes.ts';
import type { RecordedDifference } from '../../../src/protocol/replay.ts';
import type { StartRequest } from '../../../src/protocol/trainer.ts';
import { readMetrics } from '../../../src/runs/metricsLog.ts';
import { readRecord } from '../../../src/runs/record.ts';
import { verifyRun } from '../../../src/worker/replay/verify.ts';
import { Session } from '../../../src/worker/session.ts';
import { temporaryFolder } from '../runs/temporary.ts';
import { recorder, request as baseRequest, rhyme, train } from './fixture.ts';

/** A request of a run on the fast backend. */
const request: typeof baseRequest = (home, config = {}, text = rhyme) =>
  baseRequest(home, { backend: 'wasm', ...config }, text);

/** A table of texts and labels that a small classifier learns. */
const table = ['text,label']
  .concat(
    Array.from({ length: 40 }, (_, row) =>
      row % 2 === 0 ? `a good and fine film ${row},good` : `a bad and dull film ${row},bad`,
    ),
  )
  .join('\n');

const pairs = ['source,target']
  .concat(Array.from({ length: 40 }, (_, row) => `cat ${row % 7} dog ${row % 5},dog ${row % 5} cat ${row % 7}`))
  .join('\n');

describe('replay of a run', function () {
  this.timeout(120_000);
  const home = temporaryFolder();

  /** A request of a run on a table in a file. */
  async function onFile(name: string, content: string, config: RunConfigInput): Promise<StartRequest> {
    const path = join(home(), name);
    await writeFile(path, content);
    const { backends, config: base } = request(home());
    return {
      backends,
      source: { kind: 'file', path },
      config: parseRunConfig({
        ...base,
        ...config,
        task: config.task,
        model: { units: 8, ...config.model },
        training: { ...base.training, ...config.training },
      } as RunConfigInput),
    };
  }

  const requests: Record<string, (backend: 'wasm' | 'reference') => StartRequest | Promise<StartRequest>> = {
    'a language model': (backend) => request(home(), { backend, model: { layers: 2, dropout: 0.2 } }),
    'a language model of words, with a plateau schedule': (backend) =>
      request(home(), {
        backend,
        task: { name: 'language-model', tokens: 'word', minimumCount: 1 },
        training: { schedule: 'plateau', plateauPatience: 1, validateEvery: 2, learningRate: 0.1 },
      }),
    'a classifier': (backend) =>
      onFile('films.csv', table, {
        backend,
        task: { name: 'classification' },
        model: { embedding: 4, bidirectional: true },
      }),
    'a sequence-to-sequence model': (backend) =>
      onFile('pairs.csv', pairs, {
        backend,
        task: { name: 'sequence-to-sequence', sourceColumn: 'source', targetColumn: 'target' },
        data: { sequenceLength: 40 },
        model: { embedding: 4 },
      }),
    'a generated task': (backend) =>
      request(home(), { backend, task: { name: 'adding', validationSequences: 20 } }, ''),
  };

  /** A run of 12 steps with a checkpoint after every fourth, a sample after every fifth, and a probe after every third. */
  const short = ({ config, source, ...rest }: StartRequest): StartRequest => {
    const validateEvery = Math.min(4, config.training.validateEvery);
    return {
      ...rest,
      source: config.task.name === 'adding' ? { kind: 'generated' } : source,
      config: {
        ...config,
        probes: { ...config.probes, every: 3 },
        sampling: { ...config.sampling, every: 5 },
        training: { ...config.training, steps: 12, checkpointEvery: 4, validateEvery },
      },
    };
  };

  const resume = async (folder: string, changes: Parameters<typeof Session.resume>[0]['changes']) => {
    const session = await Session.resume({ folder, changes, backends: request(home()).backends }, () => undefined);
    return session.train();
  };

  const repeat = async (folder: string, out?: string) => {
    const events = recorder();
    const { backends } = request(home());
    const session = await Session.repeat({ folder, backends, ...(out !== undefined && { out }) }, events.emit);
    return { folder: session.folder, events, end: await session.train() };
  };

  const weights = (folder: string) => readFile(join(folder, 'model', 'weights.bin'));

  const assertEqual = async (folder: string) => {
    const { difference, checkpoints, models, probes, samples, unequal, to, steps } = await verifyRun({
      folder,
      backends: request(home()).backends,
    });
    assert.deepEqual({ difference, unequal, to }, { difference: null, unequal: [], to: steps });
    return { checkpoints, models, probes, samples, steps };
  };

  for (const backend of ['reference', 'wasm'] as const) {
    for (const [name, make] of Object.entries(requests)) {
      it(`is equal bit for bit: ${name} on ${backend}`, async () => {
        const { folder } = await train(short(await make(backend)));
        // Without a build of the kernels, another backend would take the place of wasm.
        assert.equal((await readRecord(folder)).backend.name, backend);
        const { checkpoints, models, probes, samples, steps } = await assertEqual(folder);
        assert.equal(steps, 12);
        assert.deepEqual(probes, [0, 3, 6, 9, 12]);
        assert.deepEqual(samples.slice(0, 2), name.startsWith('a language model') ? [5, 10] : []);
        assert.deepEqual(checkpoints.slice(-2), [8, 12]);
        assert.ok(models.length > 0);
      });
    }
  }

  for (const family of ['naive-bayes', 'bag-of-words', 'hidden-markov'] as const) {
    it(`is equal bit for bit: a fitted model, ${family}`, async () => {
      const { folder, end } = await train(
        await onFile('films.csv', table, { task: { name: 'classification' }, model: { family } }),
      );
      assert.equal((await assertEqual(folder)).steps, end.steps);
    });
  }

  it('repeats a run as a new one with equal metrics and weights, and says so', async () => {
    for (const make of Object.values(requests)) {
      const original = await train(short(await make('wasm')));
      const { folder, events, end } = await repeat(original.folder);
      const { parent, repetition, name } = await readRecord(folder);
      const id = (await readRecord(original.folder)).id;
      assert.deepEqual(parent, { run: id, reason: 'repeat', changes: {} });
      assert.deepEqual(repetition, { run: id, steps: 12, compared: 12, difference: null, largest: null });
      assert.deepEqual(events.of('repetition'), [{ event: 'repetition', ...repetition }]);
      assert.equal(end.reason, 'completed');
      assert.equal(name, (await readRecord(original.folder)).name);
      assert.deepEqual(await weights(folder), await weights(original.folder));
      await assertEqual(folder);
    }
  });

  it('replays and repeats runs that were resumed with other settings, and stopped', async () => {
    const { folder } = await train(request(home(), { training: { steps: 13 } }));
    await resume(folder, { steps: 17, learningRate: 0.003 });
    const { backends } = request(home());
    const stopped = await Session.resume({ folder, changes: { steps: 100, clipNorm: 0.1 }, backends }, (event) => {
      if (event.event === 'step' && event.step === 24) stopped.control.stop();
    });
    await stopped.train();
    const { parts, progress } = await readRecord(folder);
    assert.deepEqual(
      parts.map(({ from, learningRate, clipNorm }) => [from, learningRate, clipNorm]),
      [
        [0, 0.01, parts[0]?.clipNorm],
        [13, 0.003, parts[0]?.clipNorm],
        [17, 0.003, 0.1],
      ],
    );
    assert.deepEqual((await assertEqual(folder)).checkpoints, [17, 20, 24]);
    const repeated = await repeat(folder);
    assert.deepEqual((await readRecord(repeated.folder)).progress.kept, progress.kept);
    assert.deepEqual((await readRecord(repeated.folder)).repetition?.difference, null);
    assert.deepEqual(await weights(repeated.folder), await weights(folder));
  });

  it('repeats runs that ended early, on time and by divergence', async () => {
    const runs = [
      await train(request(home(), { training: { steps: 400, validateEvery: 1, patience: 2, learningRate: 0.3 } })),
      await train(request(home(), { training: { steps: 1_000_000, seconds: 0.2 } })),
      await train(
        request(home(), {
          model: { cell: 'rnn', activation: 'linear' },
          training: { optimizer: 'sgd', learningRate: 10, clipNorm: 0 },
        }),
      ),
    ];
    assert.deepEqual(
      runs.map(({ end: { reason } }) => reason),
      ['completed', 'completed', 'diverged'],
    );
    for (const { folder, end } of runs) {
      assert.ok(end.steps > 0);
      await assertEqual(folder);
      const repeated = await repeat(folder);
      assert.deepEqual([repeated.end.reason, repeated.end.steps], [end.reason, end.steps]);
      assert.equal((await readRecord(repeated.folder)).repetition?.difference, null);
    }
  });

  it('uses the recorded backend of a run that "auto" chose', async () => {
    const start = request(home(), { backend: 'auto' });
    const backends = { ...start.backends, tensorflowPath: '/nowhere' };
    const { folder } = await train({ ...start, backends });
    assert.equal((await verifyRun({ folder, backends })).equal, true);
    const { backend } = await readRecord(folder);
    const repeated = await readRecord((await repeat(folder)).folder);
    assert.deepEqual([repeated.config.backend, repeated.backend], ['auto', backend]);
  });

  it('begins with a stored checkpoint, and replays some steps', async () => {
    const { folder } = await train(request(home()));
    const { backends } = request(home());
    const some = await verifyRun({ folder, backends, fromStep: 20, steps: 4 });
    assert.deepEqual([some.equal, some.from, some.to, some.checkpoints], [true, 20, 24, [20]]);
    await assert.rejects(verifyRun({ folder, backends, fromStep: 11 }), { name: 'InputError', code: 'not-found' });
  });

  it('finds any flipped bit in a checkpoint or in the saved model, at its step and tensor', async () => {
    const { folder } = await train(request(home(), { training: { steps: 20 } }));
    const { backends } = request(home());
    const index = JSON.parse(await readFile(join(folder, 'checkpoints', 'step-20', 'checkpoint.json'), 'utf8')) as {
      tensors: { name: string; shape: number[] }[];
    };
    const spans = index.tensors.reduce<{ name: string; from: number; to: number }[]>((all, { name, shape }) => {
      const from = all.at(-1)?.to ?? 0;
      return [...all, { name, from, to: from + 4 * shape.reduce((product, size) => product * size, 1) }];
    }, []);
    const anyBit = fc.record({
      step: fc.constantFrom(10, 20),
      tensor: fc.constantFrom(...spans),
      place: fc.nat(),
      bit: fc.nat(7),
    });
    await fc.assert(
      fc.asyncProperty(anyBit, async ({ step, tensor, place, bit }) => {
        const path = join(folder, 'checkpoints', `step-${step}`, 'tensors.bin');
        const good = await readFile(path);
        const byte = tensor.from + (place % (tensor.to - tensor.from));
        const bad = Buffer.from(good);
        bad.writeUInt8(bad.readUInt8(byte) ^ (1 << bit), byte);
        await writeFile(path, bad);
        const { difference } = await verifyRun({ folder, backends });
        await writeFile(path, good);
        assert.deepEqual(
          [difference?.step, difference?.quantity, difference?.name, difference?.values],
          [step, 'tensor', tensor.name, 1],
          `${JSON.stringify(difference)} for a bit of ${tensor.name}`,
        );
      }),
      { numRuns: 12 },
    );
    const model = join(folder, 'model', 'weights.bin');
    const bad = await readFile(model);
    bad.writeUInt8(bad.readUInt8(5) ^ 4, 5);
    await writeFile(model, bad);
    const { difference } = await verifyRun({ folder, backends });
    assert.deepEqual([difference?.quantity, difference?.file], ['tensor', 'model/weights.bin']);
    assert.equal(difference?.step, (await readRecord(folder)).progress.kept?.step);
  });

  it('names the first metric that differs, and by how many units in the last place', async () => {
    const { folder } = await train(request(home()));
    const { backends } = request(home());
    const path = join(folder, 'metrics.jsonl');
    const lines = (await readFile(path, 'utf8')).split('\n');
    const [event] = (await readMetrics(folder)).filter((each) => each.event === 'step' && each.step === 7);
    assert.ok(event?.event === 'step' && event.loss !== null);
    const bits = new Int32Array(Float32Array.of(event.loss).buffer);
    bits[0] = (bits[0] ?? 0) + 3;
    const [other = NaN] = new Float32Array(bits.buffer);
    await writeFile(path, lines.join('\n').replace(`"loss":${event.loss},`, `"loss":${other},`));
    const { difference, to } = await verifyRun({ folder, backends });
    assert.deepEqual(
      [difference?.step, difference?.quantity, difference?.recorded, difference?.now, difference?.ulps, to],
      [7, 'loss', other, event.loss, 3, 7],
    );
    const repeated = await repeat(folder);
    const [first, last, ...rest] = repeated.events.of('repetition');
    assert.deepEqual([first?.difference, first?.compared, rest], [difference, 6, []]);
    const largest = { step: 7, quantity: 'loss', recorded: other, now: event.loss };
    assert.deepEqual([last?.difference, last?.compared, last?.largest], [difference, 6, largest]);
    assert.deepEqual((await readRecord(repeated.folder)).repetition?.difference, difference);
  });

  it('names the first number of a probe that differs, the number of them, and a damaged probe', async () => {
    const { folder } = await train(short(request(home(), { model: { layers: 2 } })));
    const { backends } = request(home());
    const path = join(folder, 'probes', 'step-6.json');
    const text = await readFile(path, 'utf8');
    // Without its hash, as in a run of an earlier version.
    const { sha256, ...stored } = JSON.parse(text) as Probe & { sha256: string };
    assert.ok(sha256);
    const [layer] = stored.layers;
    assert.ok(layer?.sigmaMax);
    const changed = { ...layer, sigmaMax: 2 * layer.sigmaMax, lastStepNorm: 7 };
    await writeFile(path, JSON.stringify({ ...stored, seconds: 99, layers: [changed, ...stored.layers.slice(1)] }));
    const expected = ['probe', 'layers[0].lastStepNorm', 'probes/step-6.json', 6, 2, 7, layer.lastStepNorm];
    const facts = (found: RecordedDifference | null) =>
      found && [found.quantity, found.name, found.file, found.step, found.values, found.recorded, found.now];
    assert.deepEqual(facts((await verifyRun({ folder, backends })).difference), expected);
    const repeated = await repeat(folder);
    assert.deepEqual(facts((await readRecord(repeated.folder)).repetition?.difference ?? null), expected);
    await writeFile(path, text.slice(1));
    const { difference } = await verifyRun({ folder, backends });
    assert.deepEqual([difference?.quantity, difference?.name, difference?.step], ['file', 'probes/step-6.json', 6]);
  });

  it('names the place at which a sample differs, and quotes both texts', async () => {
    const { folder } = await train(short(request(home())));
    const { backends } = request(home());
    const path = join(folder, 'metrics.jsonl');
    const lines = (await readFile(path, 'utf8')).split('\n');
    const sample = (await readMetrics(folder)).find((event) => event.event === 'sample' && event.step === 10);
    assert.ok(sample?.event === 'sample');
    const characters = Array.from(sample.text);
    const other = [...characters.slice(0, 7), '#', ...characters.slice(8)].join('');
    const changed = lines.map((line) =>
      line.includes('"sample"') && line.includes('"step":10,') ? JSON.stringify({ ...sample, text: other }) : line,
    );
    await writeFile(path, changed.join('\n'));
    const texts = { at: 7, recorded: `#${characters.slice(8).join('')}`, now: characters.slice(7).join('') };
    const { difference } = await verifyRun({ folder, backends });
    assert.deepEqual([difference?.step, difference?.quantity, difference?.texts], [10, 'sample', texts]);
    const repeated = await repeat(folder);
    assert.deepEqual((await readRecord(repeated.folder)).repetition?.difference, difference);
    assert.equal((await readRecord(repeated.folder)).repetition?.compared, 10);
  });

  it('accepts a sample that a stop has cut', async () => {
    const start = short(request(home()));
    const config = { ...start.config, training: { ...start.config.training, validateEvery: 5 } };
    const stopped: Session = await Session.start({ ...start, config }, (event) => {
      if (event.event === 'validation' && event.step === 5) stopped.control.stop();
    });
    await stopped.train();
    const texts = (await readMetrics(stopped.folder)).flatMap((event) => (event.event === 'sample' ? event.text : []));
    assert.deepEqual(
      texts.map((text) => Array.from(text).length),
      [1],
    );
    assert.deepEqual((await assertEqual(stopped.folder)).samples, [5]);
    await resume(stopped.folder, {});
    assert.deepEqual((await assertEqual(stopped.folder)).samples.slice(0, 2), [5, 10]);
    assert.equal((await readRecord((await repeat(stopped.folder)).folder)).repetition?.difference, null);
  });

  it('uses the copy of data that has changed, and otherwise refuses it by name with both hashes', async () => {
    const start = await onFile('films.csv', table, { task: { name: 'classification' }, model: { embedding: 4 } });
    const { folder } = await train(start);
    const path = join(home(), 'films.csv');
    const [kept] = (await readRecord(folder)).source?.files ?? [];
    await writeFile(path, `${table}\nnew,good`);
    await assertEqual(folder);
    const repeated = await repeat(folder);
    assert.deepEqual((await readRecord(repeated.folder)).source, (await readRecord(folder)).source);
    await rm(path);
    await assertEqual(repeated.folder);

    await writeFile(path, `${table}\nnew,good`);
    await rm(join(folder, 'data'), { recursive: true });
    const record = JSON.parse(await readFile(join(folder, 'run.json'), 'utf8')) as { source: { snapshot: boolean } };
    record.source.snapshot = false;
    await writeFile(join(folder, 'run.json'), JSON.stringify(record));
    await assert.rejects(verifyRun({ folder, backends: start.backends }), (error: Error) => {
      assert.equal(error.name, 'InputError');
      assert.ok(error.message.includes(path) && error.message.includes(kept?.sha256 ?? 'none'));
      return true;
    });
  });

  it('refuses a text whose copy has changed', async () => {
    const { folder } = await train(request(home()));
    await writeFile(join(folder, 'text.txt'), `${rhyme}.`);
    await assert.rejects(verifyRun({ folder, backends: request(home()).backends }), { name: 'InputError' });
  });

  it('replays a run of an earlier version, and names the facts that it does not record', async () => {
    const { folder } = await train(request(home()));
    const old = join(home(), 'old');
    await cp(folder, old, { recursive: true });
    const record = JSON.parse(await readFile(join(old, 'run.json'), 'utf8')) as {
      parts?: unknown;
      repetition?: unknown;
      source: { files?: unknown };
      versions: Record<string, string>;
    };
    delete record.parts;
    delete record.repetition;
    delete record.source.files;
    delete record.versions['v8'];
    await writeFile(join(old, 'run.json'), JSON.stringify(record));
    const { equal, unequal } = await verifyRun({ folder: old, backends: request(home()).backends });
    assert.equal(equal, true);
    assert.deepEqual(
      unequal.map(({ fact, recorded }) => [fact, recorded]),
      ['platform', 'arch', 'cpu', 'versions.v8'].map((fact) => [fact, null]),
    );
    await writeFile(join(old, 'text.txt'), `${rhyme}.`);
    await assert.rejects(verifyRun({ folder: old, backends: request(home()).backends }), { name: 'InputError' });
  });
});
