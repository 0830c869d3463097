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

    const cases: [name: 'storedSigmoidRow' | 'tanhRow', exact: (x: number) => number][] = [
      // 1 - y above zero and -y below, which are both small far from zero.
      ['storedSigmoidRow', (x) => Math.sign(x) / (1 + Math.exp(Math.abs(x)))],
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
        const limits = name === 'tanhRow' ? [0, 1, -1, 1, -1, NaN, 0, 0, NaN] : [0.5, 0, 0, 0, 0, NaN, 0.5, 0.5, NaN];
        runtime.float32(to, values.length).forEach((value, index) => {
          const limit = limits[index]!;
          assert.ok(
            Number.isNaN(limit) ? Number.isNaN(value) : Math.abs(value - limit) < 1e-6,
            `${name}(${values[index]}) is ${value}`,
          );
        });
      });
    }

    it('tanhUnits has slopes with a relative error below 1e-5, however saturated', () => {
      const values = put(runtime, arguments_);
      const slopes = put(runtime, new Float32Array(arguments_.length));
      runtime.kernels.tanhUnits(values, slopes, arguments_.length);
      const [actual, actualSlopes] = [values, slopes].map((at) => runtime.float32(at, arguments_.length));
      arguments_.forEach((x, index) => {
        const [value, slope] = [actual?.[index] ?? NaN, actualSlopes?.[index] ?? NaN];
        assert.ok(Math.abs(value / Math.tanh(x) - 1) < LARGEST_ERROR, `tanh(${x}) is ${value}`);
        // Beyond this the exponential would not be a normal float32.
        if (Math.abs(x) < 43)
          assert.ok(Math.abs(slope * Math.cosh(x) ** 2 - 1) < 1e-5, `the slope at ${x} is ${slope}`);
        else assert.ok(slope < 1e-36);
      });
    });
  });
}
