import type { OnProgress } from '../data/progress.ts';
import { inspectDataSet } from '../data/inspect/inspectDataSet.ts';
import { findValidationFile } from '../data/inspect/validationFile.ts';
import type { DataInspection, InspectDataRequest } from '../protocol/dataInspection.ts';

/**
 * Inspects a data set. The default validation part of a file named "train" is the validation file next to it.
 * @param onProgress receives the fraction that is done
 */
export async function inspectData(
  { source: file, reading, validation, ...choices }: InspectDataRequest,
  onProgress?: OnProgress,
): Promise<DataInspection> {
  const source = reading ? { ...file, reading } : file;
  const neighbor =
    validation === undefined && source.kind === 'file' ? await findValidationFile(source.path) : validation;
  return inspectDataSet(source, { ...choices, validation: neighbor ?? undefined, onProgress });
}
