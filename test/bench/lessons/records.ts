import { fileURLToPath } from 'node:url';
import type { RunConfig } from '../../../src/config/schema.ts';
import type { EndReason, RunEvent } from '../../../src/protocol/events.ts';
import type { Probe } from '../../../src/protocol/probes.ts';
import type { RunSource } from '../../../src/protocol/trainer.ts';
import { Session } from '../../../src/worker/session.ts';
import { lessonConfig } from './lessonConfig.ts';
import type { Job } from './judge.ts';

type Event<E extends RunEvent['event']> = Extract<RunEvent, { event: E }>;

/** A run of a lesson that has ended. */
export interface LessonRecord {
  readonly config: RunConfig;
  readonly reason: EndReason;
  /** Step at which a validation met the criterion of the task; null if none did. */
  readonly solvedAt: number | null;
  /** Completed steps. */
  readonly steps: number;
  readonly trained: readonly Event<'step'>[];
  readonly validations: readonly Event<'validation'>[];
  /** Oldest first; the first one before training. */
  readonly probes: readonly Probe[];
}

/** Data of a run: a file among the samples, or generated. */
function sourceOf({ data: { train } }: RunConfig): RunSource {
  if (train === '') return { kind: 'generated' };
  return { kind: 'file', path: fileURLToPath(new URL(`../../../media/samples/${train}`, import.meta.url)) };
}

/**
 * Trains a run of a lesson on the backend `wasm`, on one thread.
 * @param home folder for the files of the run
 */
export async function trainRecord({ lesson, run, seed, changes }: Job, home: string): Promise<LessonRecord> {
  const config: RunConfig = {
    ...(await lessonConfig(lesson, run, { ...changes, seed })),
    backend: 'wasm',
    threads: 1,
  };
  const events: RunEvent[] = [];
  const session = await Session.start(
    { config, source: sourceOf(config), backends: { home, tensorflowPath: '', wideSimd: false } },
    (event) => events.push(event),
  );
  const { reason, solved, steps } = await session.train();
  const of = <E extends RunEvent['event']>(name: E) => events.filter((event) => event.event === name) as Event<E>[];
  return {
    config,
    reason,
    solvedAt: solved === true ? steps : null,
    steps,
    trained: of('step'),
    validations: of('validation'),
    probes: of('probe').map(({ probe }) => probe),
  };
}
