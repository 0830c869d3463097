import { UnusableError } from '../../phrases/causes.ts';
import { phrase } from '../../phrases/phrase.ts';
import { disk, type Files } from '../../platform/files.ts';
import { readRecord, type RunRecord } from '../record.ts';

/**
 * The record of a run whose weights or whose training is needed.
 * @throws UnusableError for a run that another program trains and logs, with what to do; and as `readRecord`
 */
export async function readOwnRecord(folder: string, files: Files = disk): Promise<RunRecord> {
  const record = await readRecord(folder, files);
  if (!record.logged) return record;
  throw new UnusableError(
    phrase(
      'The run {0} is trained and logged by another program, so it has no weights here. Let the program save them with torch.save or as safetensors, and open them: sequence-lab import FILE.',
      folder,
    ),
  );
}
