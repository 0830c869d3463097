import assert from 'node:assert/strict';
import fc from 'fast-check';
import { Heap } from '../../../../src/kernels/wasm/heap.ts';
import { errorWith } from '../../../harness/facts.ts';

const START = 65_536;

function newHeap(pages = 1024): Heap {
  return new Heap(new WebAssembly.Memory({ initial: 2, maximum: pages, shared: true }), START);
}

describe('kernel memory heap', () => {
  it('never allocates a byte twice and frees everything', () => {
    const sizes = fc.array(fc.tuple(fc.integer({ min: 0, max: 5000 }), fc.boolean()), { maxLength: 60 });
    fc.assert(
      fc.property(sizes, (requests) => {
        const heap = newHeap();
        const live: { start: number; size: number }[] = [];
        for (const [size, freesOne] of requests) {
          const start = heap.allocate(size);
          assert.ok(start >= START && start % 64 === 0);
          assert.ok(live.every((other) => start + size <= other.start || other.start + other.size <= start));
          assert.ok(start + size <= heap.usage.reserved);
          live.push({ start, size });
          const freed = freesOne ? live.splice(live.length >> 1, 1) : [];
          for (const block of freed) heap.free(block.start);
        }
        for (const { start } of live) heap.free(start);
        assert.equal(heap.usage.used, 0);
        // All free blocks are merged, so the next block begins where the first did.
        assert.equal(heap.allocate(1), START);
      }),
    );
  });

  it('does not grow when the same sizes are allocated again', () => {
    const heap = newHeap();
    const round = () =>
      [400_000, 64, 1_000_000, 12].map((size) => heap.allocate(size)).forEach((start) => heap.free(start));
    round();
    const { reserved } = heap.usage;
    for (let step = 0; step < 1000; step++) round();
    assert.equal(heap.usage.reserved, reserved);
  });

  it('reports the memory in use when it is full', () => {
    const heap = newHeap(32);
    heap.allocate(1_000_000);
    assert.throws(() => heap.allocate(4_000_000), errorWith({}, '1 MB', '4 MB'));
  });

  it('rejects an address that is not allocated', () => {
    assert.throws(() => newHeap().free(START), errorWith({}, 65536));
  });
});
