import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Generator } from '../../src/random/generator.ts';
import { main } from '../lib/main.ts';
import { root } from '../lib/paths.ts';

/**
 * Writes media/samples/oscillation.csv: a damped sine driven by noise, `x_t = 2 r cos(w) x_{t-1} - r^2 x_{t-2} + e_t`
 * (Yule 1927, for sunspots), with a period of 20 steps and r = 0.98. The variance of e is the lower bound of the
 * squared error of a one-step forecast.
 */
const [STEPS, PERIOD, DAMPING, NOISE] = [2000, 20, 0.98, 0.1];

await main(async () => {
  const generator = Generator.forPurpose(1927, 'oscillation');
  const lines = ['step,x'];
  let [before, last] = [0, 0];
  for (let step = 0; step < STEPS; step++) {
    const next =
      2 * DAMPING * Math.cos((2 * Math.PI) / PERIOD) * last - DAMPING ** 2 * before + NOISE * generator.nextNormal();
    [before, last] = [last, next];
    lines.push(`t${step},${next.toFixed(4)}`);
  }
  await writeFile(join(root, 'media', 'samples', 'oscillation.csv'), `${lines.join('\n')}\n`);
});
