import assert from 'node:assert/strict';
import fc from 'fast-check';
import { Generator } from '../../../src/random/generator.ts';

const draws = (generator: Generator, count: number) => Array.from({ length: count }, () => generator.nextUniform());

describe('random generator', () => {
  it('repeats only with the same seed and purpose', () => {
    const first = draws(Generator.forPurpose(1, 'weights'), 8);
    assert.deepEqual(draws(Generator.forPurpose(1, 'weights'), 8), first);
    assert.notDeepEqual(draws(Generator.forPurpose(2, 'weights'), 8), first);
    assert.notDeepEqual(draws(Generator.forPurpose(1, 'sample'), 8), first);
  });

  it('continues from a stored state, through JSON', () => {
    fc.assert(
      fc.property(fc.nat(), fc.nat({ max: 50 }), (seed, count) => {
        const generator = Generator.forPurpose(seed, 'x');
        draws(generator, count);
        const resumed = Generator.fromState(JSON.parse(JSON.stringify(generator.state)));
        assert.deepEqual(draws(resumed, 5), draws(generator, 5));
      }),
    );
  });

  it('is uniform in [0, 1) and normal with mean 0 and variance 1', () => {
    const generator = Generator.forPurpose(5, 'moments');
    const uniforms = draws(generator, 20_000);
    assert.ok(uniforms.every((value) => value >= 0 && value < 1));
    const buckets = new Array<number>(10).fill(0);
    for (const value of uniforms) buckets[Math.floor(value * 10)] = (buckets[Math.floor(value * 10)] ?? 0) + 1;
    // Chi-square with 9 degrees of freedom: above 33.7 once in 10,000.
    assert.ok(buckets.reduce((sum, count) => sum + (count - 2000) ** 2 / 2000, 0) < 33.7);
    const normals = Array.from({ length: 20_000 }, () => generator.nextNormal());
    const mean = normals.reduce((sum, value) => sum + value, 0) / normals.length;
    const variance = normals.reduce((sum, value) => sum + (value - mean) ** 2, 0) / normals.length;
    assert.ok(Math.abs(mean) < 0.03 && Math.abs(variance - 1) < 0.05, `${mean} ${variance}`);
  });
});
