import assert from 'node:assert/strict';
import { wasmBackend } from '../../../src/backends/wasm.ts';

describe('threads of the backend wasm', () => {
  it('are at most the share of a run that trains beside others, unless its configuration sets them', () => {
    assert.deepEqual(wasmBackend.threadCounts(0, 1), [1]);
    const all = wasmBackend.threadCounts(0);
    for (const most of [1, 2, 3, 4, 8])
      assert.deepEqual(
        wasmBackend.threadCounts(0, most),
        all.filter((threads) => threads <= most),
      );
    assert.deepEqual(wasmBackend.threadCounts(2, 1), [2]);
  });
});
