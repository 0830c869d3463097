import assert from 'node:assert/strict';
import * as tf from '@tensorflow/tfjs';
import { l2Norms } from '../../../../src/kernels/wasm/kernels.ts';
import { SequenceLabBackend } from '../../../../src/kernels/wasm/backend.ts';
import type { WasmRuntime } from '../../../../src/kernels/wasm/runtime.ts';
import { peakGigaflops } from '../../../../src/kernels/wasm/peak.ts';
import { builds, startBuild } from './runtimes.ts';

for (const build of builds) {
  describe(`WebAssembly jobs, ${build.name}`, () => {
    let runtime: WasmRuntime;
    before(async () => {
      tf.enableProdMode();
      runtime = await startBuild(build, 2);
    });
    after(() => runtime.stop());

    it('compute the norm of each tensor for any number of tensors', () => {
      const backend = new SequenceLabBackend(runtime);
      const sizes = Array.from({ length: 110 }, (_, index) => index + 1);
      const tensors = sizes.map((size) => {
        const values = new Float32Array(size).fill(size);
        return Object.assign(backend.makeTensorInfo([size], 'float32', values), { size }) as unknown as tf.Tensor;
      });
      const parts = backend.readSync(l2Norms(Object.fromEntries(tensors.entries()), backend).dataId) as Float32Array;
      sizes.forEach((size, index) => {
        const norm = parts[2 * index]! * 2 ** parts[2 * index + 1]!;
        assert.ok(Math.abs(norm / (size * Math.sqrt(size)) - 1) < 1e-6, `the norm of tensor ${index} is ${norm}`);
      });
    });

    it('do not change the memory when they measure the speed of the innermost loop', () => {
      const { used } = runtime.heap.usage;
      assert.ok(Number.isFinite(peakGigaflops(runtime)));
      assert.equal(runtime.heap.usage.used, used);
    });
  });
}
