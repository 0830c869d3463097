import { inspectDataSet } from '../data/inspect/inspectDataSet.ts';
import { validationFileBeside } from '../data/inspect/validationFile.ts';
import type { DataInspection, InspectDataRequest } from '../protocol/dataInspection.ts';

/**
 * Looks at a data set; of a file called "train" the validation part beside it is taken, where nothing else was decided.
 */
export async function inspectData({
  source,
  roles,
  validation,
  validationShare,
  seed,
}: InspectDataRequest): Promise<DataInspection> {
  const beside =
    validation === undefined && source.kind === 'file' ? await validationFileBeside(source.path) : validation;
  return inspectDataSet(source, { roles, validation: beside ?? undefined, validationShare, seed });
}
