import fc from 'fast-check';
import { type DescribedRun, rowOf } from '../../../src/catalog/row.ts';
import { COLUMNS } from '../../../src/catalog/columns.ts';
import { parseRunConfig } from '../../../src/config/parse.ts';
import { NO_ANNOTATIONS } from '../../../src/protocol/annotations.ts';
import type { CellValue, RunRow } from '../../../src/protocol/runRow.ts';

export function describedRun(change: Partial<DescribedRun> = {}): DescribedRun {
  return {
    id: '20260101-000000-hamlet-0000',
    folder: '/runs/20260101-000000-hamlet-0000',
    data: 'hamlet.txt',
    state: 'completed',
    message: null,
    config: parseRunConfig({}),
    createdAt: '2026-01-01T12:00:00.000Z',
    comparison: null,
    parent: null,
    sweep: null,
    backend: 'wasm',
    parameters: 1234,
    batchSize: 16,
    states: null,
    progress: {
      step: 100,
      seconds: 90,
      trainLoss: 1.5,
      validationLoss: 1.75,
      best: { step: 80, loss: 1.7 },
      learning: null,
    },
    title: 'LSTM 1x100 · hamlet.txt',
    difference: '',
    setup: 'LSTM 1x100 · hamlet.txt',
    annotations: NO_ANNOTATIONS,
    ...change,
  };
}

const text = fc.oneof(fc.constantFrom('gru', 'lstm', 'a b', 'ärger', '', 'and', '"', "it's", '日本'), fc.string());

const cellOf: Readonly<Record<string, fc.Arbitrary<CellValue>>> = {
  text,
  number: fc.oneof(fc.integer({ min: -5, max: 5 }), fc.double({ noNaN: true, noDefaultInfinity: true })),
  duration: fc.oneof(fc.integer({ min: 0, max: 200 }), fc.double({ min: 0, max: 1e6, noNaN: true })),
  flag: fc.boolean(),
  list: fc.array(text, { minLength: 1, maxLength: 3 }),
  date: fc
    .date({ min: new Date('2020-01-01'), max: new Date('2030-01-01'), noInvalidDate: true })
    .map((date) => date.toISOString()),
};

/** A row with values of a few columns of each type; any of them may be missing. */
export const anyRow: fc.Arbitrary<RunRow> = fc
  .record(
    Object.fromEntries(
      COLUMNS.map(({ key, type }) => [key, fc.option(cellOf[type] ?? fc.constant(null), { nil: null })]),
    ),
  )
  .map((values) => ({ id: 'any', values }));

export const exampleRows: readonly RunRow[] = ['lstm', 'gru', 'rnn'].flatMap((cell, place) =>
  [1, 2, 3].map((seed) =>
    rowOf(
      describedRun({
        id: `${cell}-${seed}`,
        config: parseRunConfig({ model: { cell }, seed }),
        progress: { ...describedRun().progress, best: { step: 50, loss: 1 + place + seed / 10 }, seconds: 60 * seed },
        annotations: { ...NO_ANNOTATIONS, starred: seed === 1, tags: seed === 2 ? ['paper', 'two words'] : [] },
      }),
    ),
  ),
);
