import type { RunSource } from '../../protocol/trainer.ts';
import { dataOfRun } from '../../runs/runSource.ts';
import type { RunModel } from './runModel.ts';

/** Training data of a run, for another run on the same data. @throws as `dataOfRun` */
export async function sourceOf({ config, sourcePath, folder, view: { name } }: RunModel): Promise<RunSource> {
  return dataOfRun({ config, sourcePath, folder, name });
}
