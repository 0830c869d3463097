import { z } from 'zod';
import { disk } from '../../../src/platform/files.ts';
import { Checkpoints } from '../../../src/runs/checkpoints.ts';

/** Writes checkpoints until it is killed: alternating steps, so that folders are replaced as well as made. */
const checkpoints = new Checkpoints(process.argv[2] ?? '', z.object({ note: z.string() }), disk);
for (let round = 0; ; round++) {
  const step = 100 + (round % 2);
  const values = new Float32Array(50_000).fill(step);
  await checkpoints.write(
    { step, state: { note: String(round) }, tensors: [{ name: 'a', shape: [50_000], values }] },
    undefined,
  );
  if (round === 1) process.send?.('ready');
}
