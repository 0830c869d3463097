import assert from 'node:assert/strict';
import { cp, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as fc from 'fast-check';
import { disk } from '../../../src/platform/files.ts';
import { writeFolderAtomic } from '../../../src/runs/atomic.ts';
import { isDamage, MANIFEST } from '../../../src/runs/integrity.ts';
import { readMetrics } from '../../../src/runs/metricsLog.ts';
import { readProbes } from '../../../src/runs/probeStore.ts';
import { readRecord, writeRecord } from '../../../src/runs/record.ts';
import { checkModel, openStored } from '../../../src/worker/openStored.ts';
import { restoreModel } from '../../../src/worker/restore.ts';
import { Session } from '../../../src/worker/session.ts';
import { taskKinds } from '../../../src/worker/tasks/registry.ts';
import { saveTrainedModel } from '../../../src/worker/trainedModel.ts';
import { replaceSealed } from '../../fixtures/reseal.ts';
import { errorWith } from '../../harness/facts.ts';
import { temporaryFolder } from '../runs/temporary.ts';
import { recorder, request, train } from './fixture.ts';

describe('integrity of a run', function () {
  this.timeout(120_000);
  const home = temporaryFolder();
  const { backends } = request('');
  let original: string;
  let run: string;
  let undisturbed: Buffer;

  before(async () => {
    const training = { steps: 6, validateEvery: 2, checkpointEvery: 2 };
    original = await mkdtemp(join(tmpdir(), 'sequence-lab-original-'));
    const start = request(original, { model: { units: 3 }, training, probes: { every: 2 } });
    await rm(original, { recursive: true });
    await train({ ...start, out: original });
    const whole = `${original}-whole`;
    await cp(original, whole, { recursive: true });
    await resume(whole, 8);
    undisturbed = await readFile(join(whole, 'model', 'weights.bin'));
    await rm(whole, { recursive: true });
  });
  beforeEach(async () => {
    run = join(home(), 'run');
    await cp(original, run, { recursive: true });
  });
  after(async () => rm(original, { recursive: true }));

  async function resume(folder: string, steps: number): Promise<string[]> {
    const events = recorder();
    await (await Session.resume({ folder, changes: { steps }, backends }, events.emit)).train();
    return (await readRecord(folder)).notices.map((notice) => JSON.stringify(notice));
  }

  /** Flips a bit of a file. @param place from 0, the first bit, to 1 */
  async function flip(path: string, place: number): Promise<void> {
    const bytes = await readFile(path);
    const bit = Math.floor(place * bytes.length * 8);
    bytes[bit >> 3]! ^= 1 << (bit & 7);
    await writeFile(path, bytes);
  }

  const place = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });

  it('names the file with a flipped bit, wherever in the model it is', async () => {
    const model = join(run, 'model');
    const names = await readdir(model);
    const record = await readRecord(run);
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...names), place, async (name, at) => {
        const before = await readFile(join(model, name));
        await flip(join(model, name), at);
        await assert.rejects(openStored(run, record), errorWith({ name: 'DamagedRunError' }, run, `restore "${run}"`));
        await writeFile(join(model, name), before);
      }),
      { numRuns: 40 },
    );
    assert.equal(await checkModel(run), true);
  });

  it('refuses a model with a file that is missing, short or long', async () => {
    const path = join(run, 'model', 'weights.bin');
    const bytes = await readFile(path);
    for (const damage of [bytes.subarray(1), Buffer.concat([bytes, bytes]), Buffer.alloc(0), undefined]) {
      await (damage ? writeFile(path, damage) : rm(path));
      await assert.rejects(checkModel(run), errorWith({ name: 'DamagedRunError' }, 'weights.bin'));
    }
  });

  it('restores a damaged model to the same bytes, and says so', async () => {
    const path = join(run, 'model', 'weights.bin');
    const bytes = await readFile(path);
    await flip(path, 0.5);
    await restoreModel({ folder: run, backends });
    assert.deepEqual(await readFile(path), bytes);
    assert.equal(await checkModel(run), true);
    const before = await readRecord(original);
    const { notices, progress } = await readRecord(run);
    assert.equal(notices.length, before.notices.length + 1);
    assert.deepEqual(progress.kept, before.progress.kept);
  });

  it('writes a model without hashes again, in which damage cannot be seen', async () => {
    const path = join(run, 'model', 'weights.bin');
    const bytes = await readFile(path);
    await rm(join(run, 'model', MANIFEST));
    await flip(path, 0.5);
    await restoreModel({ folder: run, backends });
    assert.deepEqual(await readFile(path), bytes);
  });

  it('has its model again after a resume without a further step, if the model was deleted', async () => {
    const bytes = await readFile(join(run, 'model', 'weights.bin'));
    await rm(join(run, 'model'), { recursive: true });
    await resume(run, 6);
    assert.deepEqual(await readFile(join(run, 'model', 'weights.bin')), bytes);
  });

  it('is not taken for damaged for a lack of memory', () => {
    for (const message of ['Array buffer allocation failed', 'Invalid string length', 'Out of memory: 12 GB'])
      assert.equal(isDamage(new RangeError(message)), false, message);
    assert.equal(isDamage(new RangeError('Offset is outside the bounds of the DataView')), true);
  });

  it('is not written to by a trainer whose lock was taken over', async () => {
    const session = await Session.resume({ folder: run, changes: { steps: 8 }, backends }, () => undefined);
    const other = '1 - elsewhere';
    await writeFile(join(run, 'lock'), other);
    const before = await Promise.all(['run.json', 'metrics.jsonl'].map(async (name) => readFile(join(run, name))));
    await assert.rejects(session.train(), { name: 'RunLockedError' });
    assert.deepEqual(
      await Promise.all(['run.json', 'metrics.jsonl'].map(async (name) => readFile(join(run, name)))),
      before,
    );
    assert.equal(await readFile(join(run, 'lock'), 'utf8'), other);
  });

  it('restores a model that a crash has left between its two names', async () => {
    await rm(join(run, 'model', 'weights.bin'));
    await writeFolderAtomic(join(run, 'model.old'), {}, disk);
    await rm(join(run, 'model'), { recursive: true });
    await assert.rejects(openStored(run, await readRecord(run)), { name: 'DamagedRunError' });
    await restoreModel({ folder: run, backends });
    assert.equal(await checkModel(run), true);
  });

  it('resumes from the newest whole checkpoint, with the same result, and keeps the damaged one', async () => {
    await flip(join(run, 'checkpoints', 'step-6', 'tensors.bin'), 0.3);
    await rm(join(run, 'checkpoints', 'step-4', 'checkpoint.json'));
    const notices = await resume(run, 8);
    assert.ok(notices.some((notice) => notice.includes('step-6')));
    assert.deepEqual(await readFile(join(run, 'model', 'weights.bin')), undisturbed);
    const steps = (await readMetrics(run)).flatMap(({ event, step }) => (event === 'step' ? [step] : []));
    assert.deepEqual(steps, [1, 2, 3, 4, 5, 6, 7, 8]);
    const kept = await readdir(join(run, 'checkpoints'));
    assert.ok(kept.includes('step-6.damaged') && kept.includes('step-4.damaged'));
  });

  it('refuses to resume if no checkpoint is whole', async () => {
    for (const name of await readdir(join(run, 'checkpoints')))
      await flip(join(run, 'checkpoints', name, 'tensors.bin'), 0.1);
    await assert.rejects(resume(run, 8), { name: 'DamagedRunError' });
    assert.equal((await readRecord(run)).state, 'completed');
  });

  it('does not use a checkpoint with weights that are not finite, though its hash is right', async () => {
    const folder = join(run, 'checkpoints', 'step-6');
    const index = await readFile(join(folder, 'checkpoint.json'), 'utf8');
    const tensors = await readFile(join(folder, 'tensors.bin'));
    tensors.writeFloatLE(NaN, 0);
    await writeFolderAtomic(folder, { 'checkpoint.json': index, 'tensors.bin': tensors }, disk);
    await resume(run, 8);
    assert.deepEqual(await readFile(join(run, 'model', 'weights.bin')), undisturbed);
  });

  it('never replaces a model by weights that are not finite', async () => {
    const before = await readFile(join(run, 'model', 'weights.bin'));
    const weights = new Uint8Array(Float32Array.of(1, Infinity).buffer);
    await assert.rejects(saveTrainedModel(run, { 'weights.bin': weights }, disk));
    assert.deepEqual(await readFile(join(run, 'model', 'weights.bin')), before);
  });

  it('refuses a vocabulary of another size, and weights that are not finite, without hashes too', async () => {
    const model = join(run, 'model');
    await rm(join(model, MANIFEST));
    const record = await readRecord(run);
    const text = await readFile(join(model, 'vocabulary.json'), 'utf8');
    const { tokens, ...others } = JSON.parse(text) as { tokens: string[] };
    for (const changed of [tokens.slice(0, -2), [...tokens, '\u{1F600}']]) {
      await writeFile(join(model, 'vocabulary.json'), JSON.stringify({ ...others, tokens: changed }));
      await assert.rejects(openStored(run, record), errorWith({ name: 'DamagedRunError' }, 'vocabulary.json'));
    }
    await writeFile(join(model, 'vocabulary.json'), text);
    const weights = await readFile(join(model, 'weights.bin'));
    weights.writeFloatLE(NaN, 8);
    await writeFile(join(model, 'weights.bin'), weights);
    await assert.rejects(openStored(run, record), errorWith({ name: 'DamagedRunError' }, 'weights.bin'));
  });

  it('opens and resumes a run of an earlier version, which has no hashes', async () => {
    for (const folder of ['model', ...(await readdir(join(run, 'checkpoints'))).map((name) => `checkpoints/${name}`)])
      await rm(join(run, folder, MANIFEST));
    assert.equal(await checkModel(run), false);
    (await openStored(run, await readRecord(run))).dispose();
    const before = (await readRecord(run)).notices.length;
    assert.equal((await resume(run, 7)).length, before + 1, 'says that the run had no hashes');
    assert.equal((await resume(run, 8)).length, before + 1, 'and only once');
    assert.deepEqual(await readFile(join(run, 'model', 'weights.bin')), undisturbed);
    assert.equal(await checkModel(run), true);
  });

  it('adds hashes to the kept model of an earlier version, which no checkpoint has', async () => {
    const last = join(run, 'checkpoints', 'step-6');
    const { keptModel, state, ...index } = JSON.parse(await readFile(join(last, 'checkpoint.json'), 'utf8')) as {
      keptModel?: unknown;
      state: object;
    };
    assert.equal(keptModel, undefined);
    // The model of step 4 was better than all others.
    const kept = { step: 4, loss: 0, solved: false };
    await replaceSealed(last, 'checkpoint.json', JSON.stringify({ ...index, state: { ...state, kept } }));
    await rm(join(run, 'model', MANIFEST));
    const bytes = await readFile(join(run, 'model', 'weights.bin'));
    const before = (await readRecord(run)).notices.length;
    assert.equal((await resume(run, 7)).length, before + 1);
    assert.equal((await resume(run, 8)).length, before + 1, 'says only once that the run had no hashes');
    assert.deepEqual(await readFile(join(run, 'model', 'weights.bin')), bytes);
    assert.equal(await checkModel(run), true);
  });

  it('refuses to restore a damaged model that was imported, and says to import it again', async () => {
    await writeRecord(run, { ...(await readRecord(run)), state: 'imported' }, disk);
    await flip(join(run, 'model', 'weights.bin'), 0.5);
    await assert.rejects(restoreModel({ folder: run, backends }), errorWith({ name: 'UnusableError' }, run));
  });

  it('resumes without a damaged probe and without damaged lines of the log, and keeps both files', async () => {
    await flip(join(run, 'probes', 'step-2.json'), 0.5);
    const log = await readFile(join(run, 'metrics.jsonl'));
    const damaged = Buffer.from(log);
    damaged.write('XX', log.indexOf('\n') + 3);
    await writeFile(join(run, 'metrics.jsonl'), damaged);
    const before = (await readRecord(run)).notices.length;
    assert.equal((await resume(run, 8)).length, before + 2);
    assert.deepEqual(
      (await readProbes(run)).map(({ step }) => step),
      [0, 4, 6, 8],
    );
    assert.deepEqual(await readFile(join(run, 'metrics.jsonl.damaged')), damaged);
    const steps = (await readMetrics(run)).flatMap(({ event, step }) => (event === 'step' ? [step] : []));
    assert.deepEqual(steps, [1, 3, 4, 5, 6, 7, 8]);
  });

  it('notices a number of the log or of the record that has changed but can be read, and keeps it', async () => {
    const log = join(run, 'metrics.jsonl');
    await writeFile(
      log,
      (await readFile(log, 'utf8')).replace(/"loss":(\d)/, (_, digit) => `"loss":${9 - Number(digit)}`),
    );
    const changed = await readFile(log, 'utf8');
    const record = join(run, 'run.json');
    await writeFile(
      record,
      (await readFile(record, 'utf8')).replace(/"seed": (\d)/, (_, digit) => `"seed": ${9 - Number(digit)}`),
    );
    const before = (await readRecord(original)).notices.length;
    assert.equal((await readRecord(run)).notices.length, before + 1);
    const notices = await resume(run, 8);
    assert.equal(notices.length, before + 2);
    for (const name of ['run.json', 'metrics.jsonl'])
      assert.ok(
        notices.some((notice) => notice.includes(name)),
        name,
      );
    assert.ok((await readFile(log, 'utf8')).startsWith(changed));
    assert.equal((await resume(run, 8)).length, before + 2, 'and only once');
  });

  it('reads each file of a model once', async () => {
    const { read } = disk;
    const paths: string[] = [];
    disk.read = async (path) => {
      paths.push(path);
      return read(path);
    };
    try {
      (await openStored(run, await readRecord(run))).dispose();
    } finally {
      disk.read = read;
    }
    assert.equal(paths.filter((path) => path.endsWith('weights.bin')).length, 1);
    assert.equal(new Set(paths).size, paths.length);
  });

  it('does not train on a damaged copy of its data', async () => {
    await flip(join(run, 'text.txt'), 0.5);
    await assert.rejects(resume(run, 8), errorWith({ name: 'InputError' }, 'text.txt'));
  });

  it('is not started on data that changed while it was read', async () => {
    const path = join(home(), 'labeled.tsv');
    const rows = (yes: string, no: string) =>
      Array.from({ length: 40 }, (_, row) => `${row % 2 === 0 ? yes : no}\tword${row} and word${row % 7}\n`).join('');
    await writeFile(path, rows('yes', 'no'));
    const { config } = request(home(), { task: { name: 'classification' } });
    const loaded = await taskKinds.classification.load({ kind: 'file', path }, config);
    await writeFile(path, rows('no', 'yes'));
    const out = join(home(), 'new');
    await disk.makeFolder(out);
    await assert.rejects(loaded.keepSource(out, disk), errorWith({ name: 'InputError' }, path));
    const text = await taskKinds['language-model'].load({ kind: 'file', path }, request(home()).config);
    await writeFile(path, rows('yes', 'no'));
    await assert.rejects(text.keepSource(out, disk), errorWith({ name: 'InputError' }, path));
  });
});
