/**
 * `npm run bench -- integrity` measures what the hashes of a run's files cost: the time to hash a checkpoint and the
 * saved model, compared with the time to write them and with the training time between two checkpoints.
 */
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseRunConfig } from '../../src/config/parse.ts';
import { disk } from '../../src/platform/files.ts';
import { writeFolderAtomic } from '../../src/runs/atomic.ts';
import { manifestOf } from '../../src/runs/integrity.ts';
import { readMetrics } from '../../src/runs/metricsLog.ts';
import { Session } from '../../src/worker/session.ts';

const STEPS = 20;
const ROUNDS = 9;

/** Median time of a piece of work in milliseconds. */
async function median(work: () => void | Promise<void>): Promise<number> {
  const times: number[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    const start = performance.now();
    await work();
    times.push(performance.now() - start);
  }
  return times.sort((a, b) => a - b)[ROUNDS >> 1] ?? NaN;
}

async function contentOf(folder: string): Promise<Record<string, Uint8Array>> {
  const names = await readdir(folder);
  return Object.fromEntries(await Promise.all(names.map(async (name) => [name, await readFile(join(folder, name))])));
}

const home = await mkdtemp(join(tmpdir(), 'sequence-lab-integrity-'));
for (const units of [100, 512]) {
  const config = parseRunConfig({
    backend: 'wasm',
    data: { sequenceLength: 64 },
    model: { units },
    training: { batchSize: 32, steps: STEPS, checkpointEvery: STEPS, validateEvery: STEPS },
    sampling: { every: 0 },
    probes: { every: 0 },
  });
  const text = await readFile(new URL('../../media/samples/tide.txt', import.meta.url), 'utf8');
  const source = { kind: 'text', text: text.repeat(4), name: 'tide.txt' } as const;
  const backends = { home, tensorflowPath: '', wideSimd: false };
  const session = await Session.start({ config, source, backends }, () => undefined);
  await session.train();
  const { folder } = session;
  const steps = (await readMetrics(folder)).flatMap((event) => (event.event === 'step' ? [event.seconds] : []));
  const step = (1000 * ((steps.at(-1) ?? NaN) - (steps[0] ?? NaN))) / (steps.length - 1);
  const [checkpoint, model] = await Promise.all(
    [join(folder, 'checkpoints', `step-${STEPS}`), join(folder, 'model')].map(contentOf),
  );
  const contents = [checkpoint ?? {}, model ?? {}];
  const bytes = contents.flatMap((content) => Object.values(content)).reduce((sum, { length }) => sum + length, 0);
  const hashing = await median(() => contents.forEach((content) => void manifestOf(content)));
  const writing = await median(async () => {
    for (const [at, content] of contents.entries()) await writeFolderAtomic(join(home, `copy-${at}`), content, disk);
  });
  const { checkpointEvery } = parseRunConfig({}).training;
  const share = (100 * hashing) / (checkpointEvery * step);
  console.log(
    `${units} units: ${(bytes / 2 ** 20).toFixed(1)} MB hashed in ${hashing.toFixed(1)} ms of ${writing.toFixed(0)} ms to write; a step takes ${step.toFixed(1)} ms, ${checkpointEvery} steps between checkpoints: ${share.toFixed(3)} % of the training time`,
  );
}
await rm(home, { recursive: true, force: true });
