import { join } from 'node:path';
import type { Files } from '../../platform/files.ts';
import type { MetricEvent } from '../../protocol/events.ts';
import type { Probe } from '../../protocol/probes.ts';
import type { RunRecord } from '../../runs/record.ts';
import { joinBytes } from '../../format/bytes.ts';
import { type DescribedRun, RunEvents } from './runEvents.ts';

/** Folder in the folder of a run, unless another one is chosen. */
export const EVENTS_FOLDER = 'tensorboard';

export interface EventLogOptions {
  /** Folder of the event files. */
  readonly folder: string;
  readonly run: DescribedRun;
  /** Completed steps and seconds of training. */
  readonly step: number;
  readonly seconds: number;
  readonly files: Files;
  /** Called once if the events cannot be written; the log then ends. */
  readonly failed: (error: unknown) => void;
}

/** Writes a TensorBoard event file while a run trains. A run continues if its events cannot be written. */
export class EventLog {
  readonly #options: EventLogOptions;
  readonly #events: RunEvents;
  readonly #path: string;
  #pending: Uint8Array[];
  #isBegun = false;
  #hasFailed = false;

  constructor(options: EventLogOptions) {
    const { folder, run, step, seconds } = options;
    this.#options = options;
    this.#events = new RunEvents(run, seconds);
    this.#path = join(folder, this.#events.fileName(step));
    this.#pending = [this.#events.begin(step)];
  }

  metric(event: MetricEvent): void {
    this.#pending.push(this.#events.metric(event));
  }

  probe(probe: Probe): void {
    this.#pending.push(this.#events.probe(probe));
  }

  /** Writes the buffered events. Never throws. */
  async flush(): Promise<void> {
    const bytes = joinBytes(this.#pending);
    this.#pending = [];
    if (this.#hasFailed || bytes.length === 0) return;
    const { folder, files, failed } = this.#options;
    try {
      if (this.#isBegun) return await files.append(this.#path, bytes);
      this.#isBegun = true;
      await files.makeFolder(folder);
      await files.write(this.#path, bytes);
    } catch (error) {
      this.#hasFailed = true;
      failed(error);
    }
  }

  /** Writes the end of the session. Never throws. */
  async end(step: number, state: RunRecord['state']): Promise<void> {
    this.#pending.push(this.#events.end(step, state));
    await this.flush();
  }
}
