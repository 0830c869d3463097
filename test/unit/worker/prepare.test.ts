import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { mkdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import * as tf from '@tensorflow/tfjs';
import { disk, type Files } from '../../../src/platform/files.ts';
import { lockHolder } from '../../../src/runs/lock.ts';
import { readRecord } from '../../../src/runs/record.ts';
import { Session } from '../../../src/worker/session.ts';
import { replaceSealed } from '../../fixtures/reseal.ts';
import { temporaryFolder } from '../runs/temporary.ts';
import { request, rhyme } from './fixture.ts';

describe('preparing a run', function () {
  this.timeout(180_000);
  const home = temporaryFolder();
  const ignore = () => undefined;

  async function trained(): Promise<string> {
    const session = await Session.start(request(home(), { training: { steps: 2 } }), ignore);
    await session.train();
    return session.folder;
  }

  const resume = (folder: string) =>
    Session.resume({ folder, changes: { steps: 4 }, backends: request(home()).backends }, ignore);

  it('leaves neither a folder nor tensors if the run cannot be written', async () => {
    await trained();
    const tensors = tf.memory().numTensors;
    const out = join(home(), 'new');
    const source = {
      kind: 'text' as const,
      name: 'rhyme.txt',
      /** Fails once the folder exists: while the copy of the text is written. */
      get text() {
        if (existsSync(out)) throw new Error('made to fail');
        return rhyme;
      },
    };
    await assert.rejects(Session.start({ ...request(home()), source, out }, ignore), { message: 'made to fail' });
    assert.equal(existsSync(out), false);
    assert.equal(tf.memory().numTensors, tensors);
    const session = await Session.start({ ...request(home(), { training: { steps: 1 } }), out }, ignore);
    assert.equal((await session.train()).reason, 'completed');
  });

  it('releases the lock and the tensors if a checkpoint does not match the run', async () => {
    const folder = await trained();
    const tensors = tf.memory().numTensors;
    // The only checkpoint: a damaged one is otherwise left out.
    const last = join(folder, 'checkpoints', 'step-2');
    await rm(join(folder, 'checkpoints', 'step-0'), { recursive: true });
    const stored = await readFile(join(last, 'checkpoint.json'), 'utf8');
    const { state, ...rest } = JSON.parse(stored) as { state: object };
    const other = JSON.stringify({ ...rest, state: { ...state, trainer: { iterations: 'none' } } });
    await replaceSealed(last, 'checkpoint.json', other);
    await assert.rejects(resume(folder));
    assert.equal(await lockHolder(folder), undefined);
    assert.equal(tf.memory().numTensors, tensors);
    await replaceSealed(last, 'checkpoint.json', stored);
    assert.equal((await (await resume(folder)).train()).steps, 4);
  });

  it('releases the lock and the tensors if a log of the run cannot be opened', async () => {
    const folder = await trained();
    const tensors = tf.memory().numTensors;
    const path = join(folder, 'metrics.jsonl');
    await rm(path);
    await mkdir(path);
    await assert.rejects(resume(folder), { code: 'EISDIR' });
    assert.equal(await lockHolder(folder), undefined);
    assert.equal(tf.memory().numTensors, tensors);
    const { state, message } = await readRecord(folder);
    assert.deepEqual({ state, message }, { state: 'completed', message: null });
  });

  /** Files whose operation on a path fails. */
  function failing(name: 'list' | 'createFolder', ending: string): Files {
    const fail = async (path: string) => {
      if (path.endsWith(ending)) throw Object.assign(new Error('made to fail'), { code: 'EIO', syscall: name });
    };
    return {
      ...disk,
      list: async (path) => (name === 'list' ? fail(path) : Promise.resolve()).then(async () => disk.list(path)),
      createFolder: async (path) =>
        (name === 'createFolder' ? fail(path) : Promise.resolve()).then(async () => disk.createFolder(path)),
    };
  }

  it('records that a new run has failed if it cannot be opened, and why', async () => {
    const out = join(home(), 'new');
    const start = { ...request(home(), { training: { steps: 2 } }), out };
    await assert.rejects(Session.start(start, ignore, failing('list', 'probes')));
    const { state, message } = await readRecord(out);
    assert.deepEqual([state, message === null], ['failed', false]);
    assert.equal(await lockHolder(out), undefined);
    assert.equal((await (await resume(out)).train()).reason, 'completed');
  });

  it('leaves the record of a run that cannot be resumed as it was', async () => {
    const { backends } = request(home());
    const out = join(home(), 'new');
    const start = { ...request(home(), { training: { steps: 2 } }), out };
    await assert.rejects(Session.start(start, ignore, failing('list', 'probes')));
    await rm(join(out, 'checkpoints'), { recursive: true });
    const before = await readRecord(out);
    const files = failing('createFolder', 'checkpoints');
    await assert.rejects(Session.resume({ folder: out, changes: {}, backends }, ignore, files));
    assert.deepEqual(await readRecord(out), before);
    assert.equal(await lockHolder(out), undefined);
  });
});
