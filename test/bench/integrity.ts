/**
 * `npm run bench -- integrity` measures what the hashes of a run's files cost: the time to write a checkpoint and the
 * saved model with their hashes, compared with the time to write the same files without, in turn, and with the training
 * time between two checkpoints.
 */
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { parseRunConfig } from '../../src/config/parse.ts';
import { disk } from '../../src/platform/files.ts';
import { writeFolderAtomic } from '../../src/runs/atomic.ts';
import { MANIFEST, recordedOf } from '../../src/runs/integrity.ts';
import { readMetrics } from '../../src/runs/metricsLog.ts';
import { Session } from '../../src/worker/session.ts';
import { median } from '../../src/judgment/quantiles.ts';

const STEPS = 20;
const ROUNDS = 61;

type Content = Readonly<Record<string, Uint8Array>>;

async function timeOf(work: () => Promise<void>): Promise<number> {
  const start = performance.now();
  await work();
  return performance.now() - start;
}

/** The operations of `writeFolderAtomic`, with a manifest of the same length that was made before. */
async function writeWithoutHashes(folder: string, content: Content): Promise<void> {
  await disk.createFolder(`${folder}.new`);
  const { [MANIFEST]: manifest = '', ...files } = content;
  const write = async ([name, data]: [string, string | Uint8Array]) =>
    disk.writeFlushed(join(`${folder}.new`, name), data);
  await Promise.all(Object.entries(files).map(write));
  await write([MANIFEST, manifest]);
  await disk.syncFolder(`${folder}.new`);
  await disk.rename(`${folder}.new`, folder);
  await disk.syncFolder(dirname(folder));
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
  const hashed = contents.map((content) =>
    Object.fromEntries(Object.entries(content).filter(([name]) => name !== MANIFEST)),
  );
  const withHashes: number[] = [];
  const without: number[] = [];
  const alone: number[] = [];
  const target = join(home, 'copy');
  for (let round = 0; round < ROUNDS; round++) {
    const ways = [
      async () =>
        withHashes.push(
          await timeOf(async () => {
            for (const content of hashed) {
              await writeFolderAtomic(target, content, disk);
              await rm(target, { recursive: true });
            }
          }),
        ),
      async () =>
        without.push(
          await timeOf(async () => {
            for (const content of contents) {
              await writeWithoutHashes(target, content);
              await rm(target, { recursive: true });
            }
          }),
        ),
    ];
    for (const way of round % 2 === 0 ? ways : ways.reverse()) await way();
    alone.push(
      await timeOf(async () => {
        for (const data of hashed.flatMap((content) => Object.values(content))) await recordedOf(data);
      }),
    );
  }
  const [writing, hashing] = [median(without), median(alone)];
  const added = median(withHashes.map((time, round) => time - (without[round] ?? NaN)));
  const { checkpointEvery } = parseRunConfig({}).training;
  const share = (100 * added) / (checkpointEvery * step);
  console.log(
    `${units} units: ${(bytes / 2 ** 20).toFixed(1)} MB written in ${writing.toFixed(1)} ms; hashes alone take ${hashing.toFixed(1)} ms, and add ${added.toFixed(2)} ms (${((100 * added) / writing).toFixed(1)} %); a step takes ${step.toFixed(1)} ms, ${checkpointEvery} steps between checkpoints: ${share.toFixed(3)} % of the training time`,
  );
}
await rm(home, { recursive: true, force: true });
