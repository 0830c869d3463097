import { join } from 'node:path';
import type { Files } from '../../platform/files.ts';
import { checkpointSteps, metricsAt } from '../checkpoints.ts';
import { assertSame, CheckedFolder, recordedIn, withoutHash } from '../integrity.ts';
import { METRICS_FILE } from '../metricsLog.ts';
import { parseProbe } from '../probeStore.ts';
import { parseRecord, RECORD_FILE, type RunRecord } from '../record.ts';
import { runFiles } from './runFiles.ts';

/** Folders of a run that are replaced as a whole, each with a manifest. */
const REPLACED = /^(?:model|initial|checkpoints\/step-\d+)(?=\/)/;
const PROBE = /^probes\/step-\d+\.json$/;

/**
 * Compares all files of a run with the hashes that the run has of them: the record, the model, the checkpoints, the model
 * that it began with, the probes, and the metrics up to the last checkpoint.
 * @returns the record
 * @throws DamagedRunError or UnusableError that names the first damaged file
 */
export async function checkRun(folder: string, files: Files): Promise<RunRecord> {
  const path = join(folder, RECORD_FILE);
  const record = parseRecord(JSON.parse(withoutHash(await files.readText(path), path)), path);
  const paths = (await runFiles(folder, files)).map((file) => file.path);
  const replaced = new Set(paths.flatMap((each) => REPLACED.exec(each)?.[0] ?? []));
  for (const each of replaced) await (await CheckedFolder.open(join(folder, each), files)).check();
  for (const each of paths.filter((name) => PROBE.test(name)))
    parseProbe(await files.readText(join(folder, each)), join(folder, each));
  const last = (await checkpointSteps(folder, files)).at(-1);
  const metrics = last === undefined ? undefined : await metricsAt(folder, last, files);
  const log = join(folder, METRICS_FILE);
  if (metrics) assertSame(log, await recordedIn(log, metrics.bytes), metrics);
  return record;
}
