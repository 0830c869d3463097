import { SingleBar } from 'cli-progress';
import { describeCriterion, type TaskDescription, taskOf, type TaskUnits } from '../config/tasks.ts';
import { baselineName } from '../config/baselines.ts';
import { formatCount } from '../format/count.ts';
import { formatDuration } from '../format/duration.ts';
import { visible } from '../format/visible.ts';
import { barOutput } from './terminal.ts';
import { formatLoss } from '../format/loss.ts';
import { describeRepetition } from '../protocol/replay.ts';
import { withStableEventNames } from '../protocol/stableNames.ts';
import { meanLoss, RECENT_STEPS } from '../protocol/trainingLoss.ts';
import { verdictLabels } from '../protocol/verdictLabels.ts';
import type { Learning } from '../protocol/verdicts.ts';
import type { EndEvent, RunEvent, SampleEvent, StartEvent, StepEvent, ValidationEvent } from '../protocol/events.ts';
import { say, spokenJson } from '../phrases/phrase.ts';

/** Output of a run on the command line: JSON lines, a progress bar on a terminal, plain lines elsewhere. */

type Reporter = (event: RunEvent) => void;

/** Prints one JSON object per line. Probes are omitted: they are large, and files in the run's folder. */
export function jsonReporter(): Reporter {
  return (event) => {
    if (event.event !== 'probe') print(spokenJson(withStableEventNames(event)));
  };
}

/** Prints a line for each validation and sample, for logs. */
export function linesReporter(): Reporter {
  let units: TaskUnits | undefined;
  let learning: Learning | undefined;
  return (event) => {
    switch (event.event) {
      case 'start':
        ({ units } = describedTask(event));
        return print(describeStart(event));
      case 'validation':
        return print(describeValidation(event, units));
      case 'learning':
        learning = event;
        return;
      case 'sample':
        return print(describeSample(event));
      case 'repetition':
        return print(say(describeRepetition(event)));
      case 'notice':
        return print(say(event.text));
      case 'end':
        return print(describeEnd(event, units, learning));
      case 'step':
      case 'probe':
      case 'report':
      case 'checkpoint':
      case 'paused':
      case 'memory':
        return;
    }
  };
}

/** Columns of the longest bar, and of the numbers beside it. */
const [LONGEST_BAR, NUMBERS] = [40, 76];

/** Columns of the bar: what the numbers leave of a line, which the terminal cuts; none on a narrow terminal. */
export function barSize(columns = 80): number {
  return Math.min(LONGEST_BAR, Math.max(0, columns - NUMBERS));
}

/** Shows a progress bar with the losses, and the samples above it. */
export function progressReporter(): Reporter {
  const bar = new SingleBar({
    stream: barOutput,
    barsize: barSize(process.stderr.columns),
    format: ' {bar} {done} | loss {loss} | validation {validation} | {speed} | {left} left',
    barCompleteChar: '\u2588',
    barIncompleteChar: '\u2591',
    hideCursor: true,
    clearOnComplete: true,
    etaBuffer: 50,
  });
  const recent: number[] = [];
  const shown = { loss: '-', validation: '-', speed: '-', done: '', left: '-' };
  let start: StartEvent | undefined;
  let learning: Learning | undefined;

  const advance = (event: StepEvent) => {
    if (!start) return;
    recent.push(event.loss ?? NaN);
    recent.splice(0, recent.length - RECENT_STEPS);
    shown.loss = number(meanLoss(recent));
    shown.speed = `${formatCount(Math.round(event.itemsPerSecond ?? 0))} ${say(describedTask(start).units.items)}/s`;
    shown.done =
      start.secondsLimit > 0
        ? `${event.seconds.toFixed(0)}/${start.secondsLimit} s, step ${event.step}`
        : `step ${event.step}/${start.steps}`;
    shown.left = formatDuration(secondsLeft(start, event));
    bar.update(shareDone(start, event) * 1000, shown);
  };
  const above = (text: string) => {
    bar.stop();
    print(text);
    bar.start(1000, 0, shown);
  };

  return (event) => {
    switch (event.event) {
      case 'start':
        start = event;
        print(describeStart(event));
        return bar.start(1000, 0, shown);
      case 'step':
        return advance(event);
      case 'validation':
        shown.validation = [number(event.loss), ...scoresOf(event)].join(', ');
        return;
      case 'learning':
        learning = event;
        return;
      case 'sample':
        return above(describeSample(event));
      case 'repetition':
        return above(say(describeRepetition(event)));
      case 'notice':
        return above(say(event.text));
      case 'end':
        bar.stop();
        return print(describeEnd(event, start && describedTask(start).units, learning));
      case 'probe':
      case 'report':
      case 'checkpoint':
      case 'paused':
      case 'memory':
        return;
    }
  };
}

/** Completed fraction of the run: of its seconds if those are limited, otherwise of its steps. */
function shareDone(start: StartEvent, { step, seconds }: StepEvent): number {
  return Math.min(1, Math.max(step / start.steps, start.secondsLimit > 0 ? seconds / start.secondsLimit : 0));
}

function secondsLeft(start: StartEvent, event: StepEvent): number {
  const bySteps = ((start.steps - event.step) * event.seconds) / event.step;
  return start.secondsLimit > 0 ? Math.min(bySteps, start.secondsLimit - event.seconds) : bySteps;
}

function describedTask({ task, tokens, loss }: StartEvent): TaskDescription {
  return taskOf({ name: task, tokens, loss });
}

function describeStart(start: StartEvent): string {
  const { name, facts, parameters, backend, baselines, folder, notices, step } = start;
  const { definition, source, criterion, units, generated } = describedTask(start);
  const toBeat = Object.entries(baselines).map(([guess, loss]) => `${say(baselineName(guess))} ${number(loss)}`);
  const lines = [
    `${step > 0 ? `Resuming at step ${step + 1} with` : 'Training on'} ${name}: ${facts.map(say).join('; ')}`,
    ...(generated ? [`${say(definition)} (${source})`] : []),
    ...(criterion
      ? [`solved at ${say(describeCriterion(criterion, units))} on the ${say(units.validationItems)}`]
      : []),
    `${parameters} parameters on ${backend.name} (${say(backend.device)}); ${say(backend.reason)}`,
    `to beat on the ${say(units.validationItems)}: ${toBeat.join(', ')} ${say(units.loss)}`,
    ...notices.map(say),
    `run: ${folder}`,
  ];
  return lines.join('\n');
}

function describeValidation(event: ValidationEvent, units: TaskUnits | undefined): string {
  return [
    `step ${event.step}: validation loss ${number(event.loss)} ${say(units?.loss ?? '')}`.trimEnd(),
    ...scoresOf(event),
  ].join(', ');
}

function scoresOf({ scores = {} }: ValidationEvent): string[] {
  return Object.entries(scores).map(([name, score]) => `${name} ${score.toFixed(3)}`);
}

function describeSample({ step, temperature, prompt, text }: SampleEvent): string {
  return `\n--- the model writes at step ${step} (temperature ${temperature}) ---\n${prompt}${text}\n---\n`;
}

function describeEnd(end: EndEvent, units: TaskUnits | undefined, learning: Learning | undefined): string {
  const { reason, steps, seconds, trainLoss, validationLoss, bestStep, message, verdict } = end;
  const losses =
    `training loss ${number(trainLoss)} (mean of up to ${RECENT_STEPS} last steps), validation loss ${number(validationLoss)} ${say(units?.loss ?? '')}`.trimEnd();
  const best =
    bestStep === null || bestStep === steps ? '' : ` (best ${number(end.bestValidationLoss)} at step ${bestStep})`;
  const found = learning?.findings.find((each) => each.verdict === verdict);
  return [
    `${reason} after ${steps} steps and ${formatDuration(seconds)}: ${losses}${best}`,
    ...(message === undefined ? [] : [say(message)]),
    ...(verdict === null ? [] : [`verdict: ${say(verdictLabels[verdict])}${found ? `. ${say(found.sentence)}` : ''}`]),
  ].join('\n');
}

/** Formats a loss with three decimals, or with three digits below 0.1. */
function number(loss: number | null): string {
  return loss === null ? 'not measured' : formatLoss(loss);
}

function print(text: string): void {
  process.stdout.write(`${visible(text)}\n`);
}
