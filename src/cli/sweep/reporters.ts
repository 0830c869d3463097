import { MultiBar, type SingleBar } from 'cli-progress';
import { formatDuration } from '../../format/duration.ts';
import { formatLoss } from '../../format/loss.ts';
import { visible } from '../../format/visible.ts';
import { say, spokenJson } from '../../phrases/phrase.ts';
import type { RunEvent } from '../../protocol/events.ts';
import type { EndedEvent, SweepEvent } from '../../sweeps/plan/events.ts';
import type { SweepEnd } from '../../sweeps/runSweep.ts';
import type { OpenSweep } from '../../sweeps/sweepStore.ts';
import { barSize } from '../reporters.ts';
import { barOutput } from '../terminal.ts';
import { describeEnd, describeSetting, summaryOf } from './describeSweep.ts';

/** Output of a sweep on the command line: a row for each trial while it trains, lines, or JSON lines. */
export interface SweepReporter {
  begin(shared: { readonly workers: number; readonly threads: number }): void;
  /** Takes in a start, an end or a promotion. */
  readonly onEvent: (event: SweepEvent) => void;
  /** Takes in what a trial reports. */
  readonly onRunEvent: (trial: number, event: RunEvent) => void;
  /** Takes in the end of the sweep. */
  end(end: SweepEnd): void;
  /** Gives the terminal back. */
  close(): void;
}

const nothing = () => undefined;

/** Prints each line of the plan, and each validation, as one line of JSON. */
export function jsonReporter(open: OpenSweep): SweepReporter {
  const { plan, sweep } = open;
  const { id, at, file } = plan.state.header;
  const { objective } = sweep;
  const line = (value: object) => print(spokenJson(value));
  return {
    begin: (shared) => line({ event: 'sweep', at, id, file, trials: plan.state.trials.length, objective, ...shared }),
    onEvent: line,
    onRunEvent(trial, event) {
      if (event.event === 'validation') line({ event: 'validation', trial, step: event.step, loss: event.loss });
    },
    end: (end) => line(summaryOf(open, end)),
    close: nothing,
  };
}

/** Prints a line for the start, each validation and the end of each trial, for logs. */
export function linesReporter(open: OpenSweep): SweepReporter {
  return {
    begin: (shared) => print(describeBegin(open, shared)),
    onEvent: (event) => print(describeEvent(open, event)),
    onRunEvent(trial, event) {
      if (event.event === 'validation')
        print(`trial ${trial}: step ${event.step}, validation loss ${number(event.loss)}`);
    },
    end: (end) => print(describeEnd(open, end)),
    close: nothing,
  };
}

/** Shows a bar for each trial in training, and above them the trials that have ended. */
export function barsReporter(open: OpenSweep): SweepReporter {
  const bars = new MultiBar({
    stream: barOutput,
    barsize: barSize(process.stderr.columns),
    format: ' {bar} trial {trial} | step {value}/{total} | validation {validation} | {setting}',
    barCompleteChar: '\u2588',
    barIncompleteChar: '\u2591',
    hideCursor: true,
    clearOnComplete: true,
  });
  const shown = new Map<number, SingleBar>();
  const remove = (trial: number) => {
    const bar = shown.get(trial);
    if (bar) bars.remove(bar);
    shown.delete(trial);
  };
  const onEvent = (event: SweepEvent) => {
    if (event.event === 'started') {
      const state = open.plan.state.trial(event.trial);
      const setting = state ? visible(describeSetting(state, open.sweep)) : '';
      shown.set(event.trial, bars.create(event.steps, 0, { trial: event.trial, validation: '-', setting }));
      return;
    }
    if (event.event === 'ended') remove(event.trial);
    bars.log(visible(`${describeEvent(open, event)}\n`));
  };
  return {
    begin: (shared) => print(describeBegin(open, shared)),
    onEvent,
    onRunEvent(trial, event) {
      const bar = shown.get(trial);
      if (event.event === 'step') bar?.update(event.step);
      if (event.event === 'validation') bar?.update(event.step, { validation: number(event.loss) });
    },
    end(end) {
      bars.stop();
      print(describeEnd(open, end));
    },
    close: () => bars.stop(),
  };
}

function describeBegin(
  { folder, plan }: OpenSweep,
  { workers, threads }: Parameters<SweepReporter['begin']>[0],
): string {
  const { trials, ended } = plan.state;
  const before = ended > 0 ? `, of which ${ended} have ended` : '';
  return `${trials.length} trials${before}; ${workers} at a time, with ${threads} threads each\nsweep: ${folder}`;
}

function describeEvent(open: OpenSweep, event: SweepEvent): string {
  switch (event.event) {
    case 'started':
      return `trial ${event.trial} begins: ${settingOf(open, event.trial)}`;
    case 'ended':
      return describeEnded(event, settingOf(open, event.trial));
    case 'promoted':
      return `setting ${event.setting + 1} trains on to ${open.sweep.rungs?.[event.rung] ?? ''} steps`;
  }
}

function describeEnded({ trial, reason, objective, step, seconds, message }: EndedEvent, setting: string): string {
  const result = objective === null ? reason : formatLoss(objective);
  const why = message === null ? '' : `. ${say(message)}`;
  return `trial ${trial} ${reason}: ${result} after ${step} steps and ${formatDuration(seconds)}, ${setting}${why}`;
}

function settingOf({ plan, sweep }: OpenSweep, trial: number): string {
  const state = plan.state.trial(trial);
  return state ? describeSetting(state, sweep) : '';
}

function number(loss: number | null): string {
  return loss === null ? 'not finite' : formatLoss(loss);
}

function print(text: string): void {
  process.stdout.write(`${text.trimEnd()}\n`);
}
