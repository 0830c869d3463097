import assert from 'node:assert/strict';
import { parseRunConfig } from '../../../../src/config/parse.ts';
import { ownData, trainingDataOf } from '../../../../src/host/form/trainingData.ts';

const config = (train: string, task: 'language-model' | 'adding' = 'language-model') =>
  parseRunConfig({ data: { train }, task: { name: task } });
const given = { source: { kind: 'text', text: 'abc', name: 'Untitled-1' }, name: 'Untitled-1' } as const;

describe('data of a new run', () => {
  it('are those of the configuration: generated, its file, or none', () => {
    assert.deepEqual(ownData(config('/x/a.txt', 'adding'))?.source, { kind: 'generated' });
    assert.deepEqual(ownData(config('/x/a.txt')), { source: { kind: 'file', path: '/x/a.txt' }, name: 'a.txt' });
    assert.equal(ownData(config('')), undefined);
  });

  it('are the given ones unless another file or another generating task is chosen in the form', () => {
    assert.equal(trainingDataOf(config(''), config(''), given), given);
    assert.equal(trainingDataOf(config('/x/a.txt'), config('/x/a.txt'), given), given);
    assert.equal(trainingDataOf(config(''), config('/x/a.txt'), given), given);
    assert.deepEqual(trainingDataOf(config('/x/b.txt'), config(''), given).source, { kind: 'file', path: '/x/b.txt' });
    assert.deepEqual(trainingDataOf(config('', 'adding'), config(''), given).source, { kind: 'generated' });
  });
});
