import fc from 'fast-check';

/** Sizes that are not multiples of a vector, the smallest sizes, and some larger than the blocks of any kernel. */
export const sizes = {
  seed: fc.nat(),
  timeSteps: fc.integer({ min: 1, max: 12 }),
  batchSize: fc.oneof(fc.integer({ min: 1, max: 5 }), fc.constantFrom(8, 13)),
  units: fc.oneof(
    { weight: 4, arbitrary: fc.integer({ min: 1, max: 13 }) },
    { weight: 1, arbitrary: fc.constantFrom(16, 33) },
  ),
};
