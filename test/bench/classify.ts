/**
 * `node test/bench/classify.ts [process|host]` starts the built trainer as the extension does, and prints how long the
 * first answer of "Classify sentiment" takes, including the loading of the bundled model, and p50 and p95 of 200 warm
 * answers, and of the explanations that follow them.
 */
import { join } from 'node:path';
import { ClassifierClient } from '../../src/host/trainerClient/trainerClient.ts';
import { root } from '../../scripts/lib/paths.ts';

const CALLS = 200;
const STARTS = 5;
const sentences = [
  'Good.',
  'The food was cold and the waiter never came back.',
  'I did not expect much, but this is not bad at all.',
  'Battery life is shorter than promised; the screen, on the other hand, is a joy to look at, and so is the keyboard.',
  'It has its moments, yet by the second hour even the most patient viewer will have begun to count the lamps on the ceiling, wonder what became of the dog, and ask who thought that a third ending would mend what the first two had broken.',
];

const isolation = process.argv[2] === 'host' ? 'host' : 'process';
const backends = { home: '', tensorflowPath: '', wideSimd: isolation === 'process' };
const fail = (error: Error): never => {
  throw error;
};
const start = () =>
  ClassifierClient.start(
    { isolation, programs: join(root, 'dist'), threads: 0, onOutput: (text) => process.stderr.write(text) },
    { died: fail, error: fail },
  );

const first: number[] = [];
for (let i = 0; i < STARTS; i++) {
  const before = performance.now();
  const trainer = start();
  await trainer.remote.openClassifier({ run: null, backends });
  await trainer.remote.answer(sentences[1] ?? '');
  first.push(performance.now() - before);
  await trainer.dispose();
}

const trainer = start();
await trainer.remote.openClassifier({ run: null, backends });
await trainer.remote.explain(sentences[1] ?? '');
const warm: number[] = [];
const explained: number[] = [];
for (let i = 0; i < CALLS; i++) {
  const text = sentences[i % sentences.length] ?? '';
  const before = performance.now();
  await trainer.remote.answer(text);
  const between = performance.now();
  await trainer.remote.explain(text);
  warm.push(between - before);
  explained.push(performance.now() - between);
}
await trainer.dispose();

const percentile = (values: readonly number[], share: number): string => {
  const sorted = values.toSorted((a, b) => a - b);
  return `${(sorted[Math.ceil(share * sorted.length) - 1] ?? NaN).toFixed(0)} ms`;
};
console.log(`isolation "${isolation}", Node ${process.version}`);
console.log(`first answer of ${STARTS} trainers: median ${percentile(first, 0.5)}, slowest ${percentile(first, 1)}`);
for (const [what, times] of [
  ['answers', warm],
  ['explanations', explained],
] as const)
  console.log(
    `${CALLS} warm ${what}: p50 ${percentile(times, 0.5)}, p95 ${percentile(times, 0.95)}, slowest ${percentile(times, 1)}`,
  );
