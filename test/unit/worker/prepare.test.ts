import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { mkdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import * as tf from '@tensorflow/tfjs';
import { lockHolder } from '../../../src/runs/lock.ts';
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
  });
});
