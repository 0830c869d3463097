import assert from 'node:assert/strict';
import { countStates, describeCounts } from '../../../../src/host/runs/countStates.ts';

describe('counts of the runs of a window', () => {
  it('name what is not zero', () => {
    const counts = countStates(['running', 'starting', 'waiting', 'waiting', 'waiting', 'paused', 'completed']);
    assert.deepEqual(counts, { train: 2, wait: 3, paused: 1 });
    assert.equal(describeCounts(counts).split(',').length, 3);
    assert.match(describeCounts({ train: 0, wait: 4, paused: 0 }), /^4\D+$/);
    assert.equal(describeCounts(countStates([])), '');
  });
});
