import type { FieldValue } from '../../config/shortFields.ts';
import type { MetricEvent } from '../../protocol/events.ts';
import type { Probe } from '../../protocol/probes.ts';
import { joinBytes } from '../../format/bytes.ts';
import type { StoredRun } from '../storedRun.ts';
import { hyperparameters, RunEvents } from './runEvents.ts';

/** A file to write into the folder of a run. */
export interface EventFile {
  /** Folder below that of the export: the id of the run, which TensorBoard shows as its name. */
  readonly run: string;
  readonly name: string;
  readonly bytes: Uint8Array;
}

/** Event files of stored runs, one per run, for one folder that TensorBoard shows. */
export async function* eventFiles(runs: readonly StoredRun[]): AsyncGenerator<EventFile> {
  const columns = new Map<string, FieldValue>(runs.flatMap(({ record }) => [...hyperparameters(record.config)]));
  for (const run of runs) {
    const { id, state, progress } = run.record;
    const events = new RunEvents(run.record, 0, columns);
    const pieces = [events.begin(0)];
    for (const event of inOrder(await run.metrics(), await run.probes()))
      pieces.push('event' in event ? events.metric(event) : events.probe(event));
    if (state !== 'running') pieces.push(events.end(progress.step, state));
    yield { run: id, name: events.fileName(0), bytes: joinBytes(pieces) };
  }
}

/** Metrics with each probe after the training step that it follows, as they were taken. */
function* inOrder(metrics: readonly MetricEvent[], probes: readonly Probe[]): Generator<MetricEvent | Probe> {
  let next = 0;
  for (const event of metrics) {
    for (let probe = probes[next]; probe !== undefined; probe = probes[next]) {
      // A probe that judges the losses by a validation of its step was taken after it.
      const isAfter = event.event === 'step' || (event.event === 'validation' && probe.learning?.step === event.step);
      const isBefore = isAfter ? probe.step < event.step : probe.step <= event.step;
      if (!isBefore) break;
      yield probe;
      next++;
    }
    yield event;
  }
  yield* probes.slice(next);
}
