import { disk, type Files } from '../platform/files.ts';
import type { MetricEvent } from '../protocol/events.ts';
import type { Probe } from '../protocol/probes.ts';
import { readMetrics } from '../runs/metricsLog.ts';
import { readProbes } from '../runs/probeStore.ts';
import { readRecord, type RunRecord } from '../runs/record.ts';

/** A run in the run store, of which the parts that an export needs are read when it needs them. */
export class StoredRun {
  readonly folder: string;
  readonly record: RunRecord;
  readonly #files: Files;

  private constructor(folder: string, record: RunRecord, files: Files) {
    this.folder = folder;
    this.record = record;
    this.#files = files;
  }

  /** @throws Error that names the file if the record is missing or damaged */
  static async open(folder: string, files: Files = disk): Promise<StoredRun> {
    return new StoredRun(folder, await readRecord(folder, files), files);
  }

  /** Steps, validations and samples. @throws Error that names a damaged line */
  async metrics(): Promise<readonly MetricEvent[]> {
    return readMetrics(this.folder, this.#files);
  }

  /** @throws Error that names a damaged file */
  async probes(): Promise<readonly Probe[]> {
    return readProbes(this.folder, this.#files);
  }
}
