import assert from 'node:assert/strict';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { readRecord } from '../../../src/runs/record.ts';
import { keptDocuments } from '../../../src/runs/snapshot.ts';
import { evaluate } from '../../../src/worker/evaluate.ts';
import { ownPassage } from '../../../src/worker/passage.ts';
import { Session } from '../../../src/worker/session.ts';
import type { StartRequest } from '../../../src/protocol/trainer.ts';
import { errorWith } from '../../harness/facts.ts';
import { assertResumesExactly, request, train } from './fixture.ts';

const verse = (at: number) => `the cat ${at} sat on the mat, and the dog ran after the cat.\n`;
const texts: Readonly<Record<string, string>> = {
  'a.md': verse(1).repeat(3),
  'b/c.md': verse(2).repeat(2),
  'b/d.txt': verse(3),
  'b/short.txt': 'x',
  'e.md': verse(4).repeat(2),
};

describe('a language model of documents', function () {
  this.timeout(240_000);
  let home: string;
  let folder: string;
  beforeEach(async () => {
    home = await mkdtemp(join(tmpdir(), 'sequence-lab-test-'));
    folder = join(home, 'texts');
    for (const [name, text] of Object.entries(texts)) {
      await mkdir(dirname(join(folder, name)), { recursive: true });
      await writeFile(join(folder, name), text);
    }
  });
  afterEach(async () => rm(home, { recursive: true }));

  const starting = (steps: number, path = folder): StartRequest => ({
    ...request(home, {
      training: { steps, validateEvery: 5, checkpointEvery: 5 },
      probes: { every: 0 },
      model: { units: 4 },
    }),
    source: { kind: 'file', path },
  });

  it('resumes exactly', async () => {
    await assertResumesExactly((steps) => starting(steps, join(folder, '**', '*.*')));
  });

  it('resumes exactly after the documents have gone', async () => {
    const whole = await train(starting(10));
    const half = await train(starting(5));
    await rm(folder, { recursive: true });
    const changes = { steps: 10 };
    const { backends } = starting(10);
    await (await Session.resume({ folder: half.folder, changes, backends }, () => undefined)).train();
    const weights = async (run: string) => readFile(join(run, 'model', 'weights.bin'));
    assert.deepEqual(await weights(half.folder), await weights(whole.folder));
  });

  it('resumes from the documents themselves if their copy is damaged, and names it if they have changed', async () => {
    const whole = await train(starting(10));
    const { folder: run } = await train(starting(5));
    const copy = join(keptDocuments(run), 'a.md');
    const text = await readFile(copy);
    await writeFile(copy, text.toString().toUpperCase());
    await writeFile(join(folder, 'e.md'), verse(5));
    const { backends } = starting(10);
    const resume = async () => Session.resume({ folder: run, changes: { steps: 10 }, backends }, () => undefined);
    await assert.rejects(resume(), errorWith({ name: 'InputError' }, keptDocuments(run)));
    await writeFile(join(folder, 'e.md'), texts['e.md'] ?? '');
    await (await resume()).train();
    assert.deepEqual(
      await readFile(join(run, 'model', 'weights.bin')),
      await readFile(join(whole.folder, 'model', 'weights.bin')),
    );
  });

  it('keeps every document with the run, and its numbers in the record', async () => {
    const run = await train(starting(5));
    const kept = await readdir(keptDocuments(run.folder), { recursive: true, withFileTypes: true });
    assert.deepEqual(
      kept
        .filter((entry) => entry.isFile())
        .map(({ name }) => name)
        .sort(),
      ['a.md', 'c.md', 'd.txt', 'e.md', 'short.txt'],
    );
    const { text, source, name } = await readRecord(run.folder);
    assert.equal(name, 'texts');
    assert.deepEqual([source?.path, source?.snapshot], [folder, true]);
    assert.equal((text?.documents?.train ?? 0) + (text?.documents?.validation ?? 0), 5);
    assert.equal(text?.characters, Object.values(texts).join('').length);
    const passage = await ownPassage(run.folder, await readRecord(run.folder));
    assert.ok(Object.values(texts).some((document) => document.endsWith(passage)));
  });

  it('is repeated with equal numbers, from the folder or from the copy, and refuses changed data', async () => {
    const run = await train(starting(5));
    const { backends } = starting(5);
    const repeat = async () => {
      const session = await Session.repeat({ folder: run.folder, backends }, () => undefined);
      await session.train();
      return (await readRecord(session.folder)).repetition;
    };
    const first = await repeat();
    await writeFile(join(folder, 'new.md'), 'another text');
    const second = await repeat();
    assert.deepEqual(second, first);
    await writeFile(join(keptDocuments(run.folder), 'a.md'), 'changed');
    await assert.rejects(repeat(), errorWith({ code: 'unreadable' }, folder));
  });

  it('scores a folder by documents, with the share of unknown characters', async () => {
    const run = await train(starting(5));
    const { backends } = starting(5);
    const other = join(home, 'other');
    await mkdir(other);
    await writeFile(join(other, 'a.txt'), 'the cat');
    await writeFile(join(other, 'b.txt'), 'THE DOG');
    const { measures } = await evaluate(run.folder, other, {}, backends);
    assert.deepEqual(
      [measures.task === 'language-model' && [measures.n, measures.unknown, measures.streams]],
      [[12, 6, 2]],
    );
    await assert.rejects(evaluate(run.folder, other, { streams: 3 }, backends), errorWith({ code: 'too-short' }, 3, 2));
  });
});
