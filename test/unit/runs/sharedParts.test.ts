import assert from 'node:assert/strict';
import { SharedParts } from '../../../src/runs/sharedParts.ts';
import { exampleRecord } from './examples.ts';

describe('parts that records share', () => {
  it('are equal to those of the record, and the same object in records with equal parts', () => {
    const shared = new SharedParts();
    const records = [3, 3, 5].map((units) => exampleRecord('run', { config: { model: { units } } }));
    const kept = records.map((record) => shared.of(structuredClone(record)));
    assert.deepEqual(kept, records);
    const [first, second, third] = kept;
    assert.equal(first?.config.model, second?.config.model);
    assert.notEqual(first?.config.model, third?.config.model);
    assert.equal(first?.config.training, third?.config.training);
  });
});
