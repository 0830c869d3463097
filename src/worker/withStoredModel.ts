import type { BackendEnvironment } from '../backends/backend.ts';
import { readRecord, type RunRecord } from '../runs/record.ts';
import { reloadBackend } from './chooseBackend.ts';
import { openStored } from './openStored.ts';
import type { StoredModel } from './tasks/storedModel.ts';

/**
 * Uses the saved model of a run, on the backend that the run was trained with, and disposes it.
 * @throws Error if the run or its model cannot be read
 */
export async function withStoredModel<Result>(
  folder: string,
  environment: BackendEnvironment,
  use: (stored: StoredModel, record: RunRecord) => Promise<Result>,
): Promise<Result> {
  const record = await readRecord(folder);
  await reloadBackend(record.backend, environment);
  const stored = await openStored(folder, record);
  try {
    return await use(stored, record);
  } finally {
    stored.dispose();
  }
}
