import type { BackendEnvironment } from '../backends/backend.ts';
import type { Reading } from '../config/reading.ts';
import { readOwnRecord } from '../runs/logged/ownRecord.ts';
import type { RunRecord } from '../runs/record.ts';
import { reloadBackend } from './chooseBackend.ts';
import { openStored } from './openStored.ts';
import type { StoredModel } from './tasks/storedModel.ts';

/**
 * Uses the saved model of a run, on the backend that the run was trained with, and disposes it.
 * @param reading how files are read where it differs from the configuration of the run
 * @throws Error if the run or its model cannot be read
 */
export async function withStoredModel<Result>(
  folder: string,
  environment: BackendEnvironment,
  use: (stored: StoredModel, record: RunRecord) => Promise<Result>,
  reading: Partial<Reading> = {},
): Promise<Result> {
  const stored = await readOwnRecord(folder);
  const { config } = stored;
  const record = { ...stored, config: { ...config, data: { ...config.data, ...reading } } };
  await reloadBackend(record.backend, environment);
  const model = await openStored(folder, record);
  try {
    return await use(model, record);
  } finally {
    model.dispose();
  }
}
