import assert from 'node:assert/strict';
import type { WasmRuntime } from '../../../../src/kernels/wasm/runtime.ts';
import { builds, put, startBuild } from './runtimes.ts';

const LARGEST_ERROR = 1e-6;

/** Inputs from tiny to large, of both signs; their count is not a multiple of the vector size. */
const arguments_ = Float32Array.from({ length: 20_001 }, (_, index) => {
  const size = 1e-6 * 10 ** ((index / 20_001) * Math.log10(86 / 1e-6));
  return index % 2 === 0 ? size : -size;
});

for (const build of builds) {
  describe(`WebAssembly activations, ${build.name}`, () => {
    let runtime: WasmRuntime;
    before(async () => {
      runtime = await startBuild(build);
    });

    const cases: [name: 'sigmoidRow' | 'tanhRow', exact: (x: number) => number][] = [
      // Far below zero, 1 / (1 + e^-x) is e^x, which is more accurate there.
      ['sigmoidRow', (x) => (x < 0 ? Math.exp(x) / (1 + Math.exp(x)) : 1 / (1 + Math.exp(-x)))],
      ['tanhRow', Math.tanh],
    ];
    for (const [name, exact] of cases) {
      it(`${name} has a relative error below ${LARGEST_ERROR}`, () => {
        const from = put(runtime, arguments_);
        const to = put(runtime, new Float32Array(arguments_.length));
        runtime.kernels[name](from, to, arguments_.length);
        runtime.float32(to, arguments_.length).forEach((value, index) => {
          const x = arguments_[index]!;
          assert.ok(Math.abs(value / exact(x) - 1) < LARGEST_ERROR, `${name}(${x}) is ${value}, not ${exact(x)}`);
        });
      });

      it(`${name} returns its limits for large inputs, and NaN for NaN`, () => {
        const values = Float32Array.of(0, 1e4, -1e4, Infinity, -Infinity, NaN, 0, 0, NaN);
        const to = put(runtime, new Float32Array(values.length));
        runtime.kernels[name](put(runtime, values), to, values.length);
        const limits = name === 'tanhRow' ? [0, 1, -1, 1, -1, NaN, 0, 0, NaN] : [0.5, 1, 0, 1, 0, NaN, 0.5, 0.5, NaN];
        runtime.float32(to, values.length).forEach((value, index) => {
          const limit = limits[index]!;
          assert.ok(
            Number.isNaN(limit) ? Number.isNaN(value) : Math.abs(value - limit) < 1e-6,
            `${name}(${values[index]}) is ${value}`,
          );
        });
      });
    }
  });
}
