import { parseRunConfig } from '../../../src/config/parse.ts';
import { readingOf } from '../../../src/config/reading.ts';
import { phrase } from '../../../src/phrases/phrase.ts';
import type { DataInspection } from '../../../src/protocol/dataInspection.ts';

/** The inspection of a folder with texts by label. */
export const exampleInspection: DataInspection = {
  name: 'texts',
  kind: 'folder',
  format: phrase('Folder'),
  task: 'classification',
  tasks: ['classification'],
  columns: [],
  encoding: null,
  dialect: null,
  reading: readingOf(parseRunConfig({}).data),
  rows: 0,
  preview: [],
  item: 'text',
  items: 2200,
  problems: { count: 0, first: [] },
  parts: { train: 2000, validation: 200, validationFile: null },
  labels: [
    { label: 'good', train: 1500, validation: 150 },
    { label: 'bad', train: 500, validation: 50 },
  ],
  labelCount: 2,
  lengths: { unit: 'word', shortest: 1, median: 10, p95: 20, longest: 30, bins: [] },
  unknown: null,
  repeated: { repeated: 0, contradicting: 0, shared: 0 },
  plan: [],
  notes: [],
  fields: {},
  suggestions: [],
};
