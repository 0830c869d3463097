import assert from 'node:assert/strict';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { classifierContract } from '../../../src/protocol/classifier.ts';
import { connect } from '../../../src/protocol/rpc.ts';
import { MODEL_FILE, SentimentModel } from '../../../src/sentiment/sentimentModel.ts';
import { OpenClassifier } from '../../../src/worker/classifier.ts';
import { workerEntry, workerPort } from '../../../src/worker/workerThread.ts';
import { tinyParts } from '../sentiment/tiny.ts';

const backends = { home: '', tensorflowPath: '', wideSimd: false };

describe('a thread that classifies', () => {
  let folder = '';
  let worker: Worker;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'sequence-lab-classifier-'));
    worker = new Worker(workerEntry, { workerData: { serve: 'classifier' } });
  });
  afterEach(async () => {
    await worker.terminate();
    await rm(folder, { recursive: true });
  });

  it('answers as the classifier itself, in the order of the requests', async () => {
    await mkdir(join(folder, 'model'));
    const trained = new SentimentModel(await tinyParts('a good film', ['bad', 'good']));
    await writeFile(join(folder, 'model', MODEL_FILE), trained.encode());
    trained.dispose();
    const { remote } = connect({
      port: workerPort(worker),
      serves: {},
      functions: {},
      calls: classifierContract,
      onError: (error) => assert.fail(error),
    });
    await assert.rejects(remote.answer('good'), { name: 'Error' });
    const { labels } = await remote.openClassifier({ run: folder, backends });
    assert.deepEqual(labels, ['bad', 'good']);
    const answers = ['a good film', 'a bad film, but a good one'].map(async (text) => remote.answer(text));

    const direct = new OpenClassifier();
    await direct.open({ run: folder, backends });
    assert.deepEqual(await Promise.all(answers), [
      await direct.answer('a good film'),
      await direct.answer('a bad film, but a good one'),
    ]);
  });
});
