import { join } from 'node:path';
import { parseRunConfig } from '../../../src/config/parse.ts';
import type { RunConfigInput } from '../../../src/config/schema.ts';
import { disk, type Files } from '../../../src/platform/files.ts';
import { type RunRecord, writeRecord } from '../../../src/runs/record.ts';

/** The files of this computer without waiting for the disk, for tests that write many. */
export const quickFiles: Files = {
  ...disk,
  writeFlushed: disk.write,
  appendFlushed: disk.append,
  syncFolder: async () => undefined,
};

/** The record of a completed run on a text. */
export function exampleRecord(
  id: string,
  { config = {}, ...change }: Partial<Omit<RunRecord, 'config'>> & { readonly config?: RunConfigInput } = {},
): RunRecord {
  return {
    version: 1,
    id,
    name: 'hamlet.txt',
    createdAt: '2026-01-01T00:00:00.000Z',
    state: 'completed',
    config: parseRunConfig(config),
    source: { path: '/texts/hamlet.txt', sha256: 'ab', snapshot: false, files: [] },
    text: null,
    facts: [],
    baselines: { uniform: 3.7, unigram: 3, bigram: 2.5 },
    backend: { name: 'reference', device: 'CPU, 1 thread', threads: 1, reason: 'test' },
    comparison: null,
    lessonRun: null,
    sweep: null,
    parent: null,
    initial: null,
    parts: [],
    repetition: null,
    versions: {},
    parameters: 1234,
    batchSize: 16,
    notices: [],
    steps: 100,
    secondsLimit: 0,
    progress: {
      step: 100,
      seconds: 60,
      trainLoss: 1.5,
      validationLoss: 1.75,
      best: { step: 80, loss: 1.7 },
      kept: { step: 80, loss: 1.7 },
      learning: { step: 100, findings: [], advice: [] },
    },
    message: null,
    ...change,
  };
}

/** Writes a run into a run store. @returns its folder */
export async function writeExample(runs: string, record: RunRecord, files: Files = quickFiles): Promise<string> {
  const folder = join(runs, record.id);
  await files.makeFolder(folder);
  await writeRecord(folder, record, files);
  return folder;
}
