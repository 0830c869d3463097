/**
 * `node test/bench/steps.ts [ROUNDS]` times one whole training step of the character language model on every backend
 * that loads, each time in a thread of its own, the backends in turn, and prints the medians and their ratio.
 */
import { availableParallelism } from 'node:os';
import { backends } from '../../src/backends/registry.ts';
import { measureStep, type StepShape } from '../../src/trainer/measure.ts';

const ROUNDS = Number(process.argv[2] ?? 5);
const LIMIT = 120_000;
const environment = { home: '', tensorflowPath: process.env['SEQUENCE_LAB_TENSORFLOW_PATH'] ?? '' };

const shapes: readonly StepShape[] = [
  { timeSteps: 50, batchSize: 16, units: 100, vocabularySize: 66, layers: 1, embedding: 0 },
  { timeSteps: 64, batchSize: 32, units: 128, vocabularySize: 66, layers: 1, embedding: 0 },
];

console.log(`${process.arch}, ${availableParallelism()} cores, Node ${process.version}; medians of ${ROUNDS} rounds\n`);
console.log('| T, B, H, V | backend | ms a step | steps/s | of the slowest |');
console.log('| --- | --- | --- | --- | --- |');
for (const shape of shapes) {
  const times = new Map<string, number[]>();
  for (let round = 0; round < ROUNDS; round++) {
    for (const backend of backends) {
      const measured = await measureStep(backend, shape, environment, LIMIT);
      if ('milliseconds' in measured) times.set(backend.name, [...(times.get(backend.name) ?? []), measured.milliseconds]);
      else if (round === 0) console.error(`${backend.name}: ${measured.reason}`);
    }
  }
  const medians = [...times].map(([name, values]) => [name, median(values)] as const);
  const slowest = Math.max(...medians.map(([, time]) => time));
  for (const [name, time] of medians) {
    const { timeSteps, batchSize, units, vocabularySize } = shape;
    const row = [`${timeSteps}, ${batchSize}, ${units}, ${vocabularySize}`, name, time.toFixed(1), (1000 / time).toFixed(1), (time / slowest).toFixed(3)];
    console.log(`| ${row.join(' | ')} |`);
  }
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? NaN;
}
