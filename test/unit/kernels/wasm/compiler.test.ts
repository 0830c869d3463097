import assert from 'node:assert/strict';
import { experimentalCompiler } from '../../../../src/kernels/wasm/module.ts';

describe('experimental compilers of V8', () => {
  for (const [node, v8, compiler] of [
    [20, '11.3.244.8-node.38', undefined],
    [22, '12.4.254.21-node.57', 'turboshaft'],
    [24, '13.6.233.17-node.54', 'wide'],
    [26, '14.6.202.34-node.20', 'wide'],
  ] as const) {
    it(`are enabled if Node ${node} is faster with them`, () => assert.equal(experimentalCompiler(v8), compiler));
  }
});
