import { InputError } from '../../data/inputError.ts';
import { phrase, sentences, type Text } from '../../phrases/phrase.ts';
import { yieldToEventLoop } from '../../platform/system.ts';
import type { StepEvent, ValidationEvent } from '../../protocol/events.ts';
import { isComplete, type Probe } from '../../protocol/probes.ts';
import type { RecordedDifference } from '../../protocol/replay.ts';
import type { BackendOptions } from '../../protocol/trainer.ts';
import { describeUnequal, partOfStep, trainingOfStep, type UnequalFact, unequalFacts } from '../../runs/runPart.ts';
import type { TrainingTask } from '../../training/trainingTask.ts';
import { DivergenceError } from '../../training/update.ts';
import { reloadBackend } from '../chooseBackend.ts';
import { Progress } from '../progress.ts';
import { RunProbes } from '../runProbes.ts';
import { taskKinds } from '../tasks/registry.ts';
import type { NewTask } from '../tasks/taskKind.ts';
import { tasks } from '../../config/tasks.ts';
import { writeSample } from '../writeSample.ts';
import { thisProcess } from '../thisPart.ts';
import { finite, takeStep } from '../takeStep.ts';
import { compareSteps, compareValidations, differs } from './compare.ts';
import { RecordedRun } from './recordedRun.ts';
import { StoredStates } from './storedStates.ts';

export interface VerifyRequest {
  readonly folder: string;
  readonly backends: BackendOptions;
  /** Number of steps to replay; omitted: all. */
  readonly steps?: number | undefined;
  /** Step of the checkpoint to begin with; 0 or omitted: the beginning of the run. */
  readonly fromStep?: number | undefined;
}

/** What a replay has shown. */
export interface Verification {
  readonly run: string;
  /** Whether everything that was compared is equal bit for bit. */
  readonly equal: boolean;
  /** Steps were replayed from the first of these numbers of steps to the second. */
  readonly from: number;
  readonly to: number;
  /** Steps of the run. */
  readonly steps: number;
  readonly backend: string;
  /** Steps of the checkpoints whose tensors were compared. */
  readonly checkpoints: readonly number[];
  /** Steps of the models that were compared. */
  readonly models: readonly number[];
  /** Steps of the probes that were compared. */
  readonly probes: readonly number[];
  /** Steps of the samples that were compared. */
  readonly samples: readonly number[];
  /** Facts that differ from those of the run: with any of them, equality cannot be expected. */
  readonly unequal: readonly UnequalFact[];
  readonly notices: readonly Text[];
  readonly difference: RecordedDifference | null;
}

/** Receives the start of a replay, and then every step that is equal. */
export interface VerifyListener {
  start?(notices: readonly Text[], to: number): void;
  step?(step: number): void;
}

/**
 * Trains a run again in memory, and compares every step, validation, sample, stored probe, checkpoint and kept model
 * with the stored ones, up to the first difference. Writes nothing.
 * @throws InputError if the data has changed, or if there is no checkpoint to begin with
 * @throws RunLockedError while the run is being trained
 */
export async function verifyRun(request: VerifyRequest, listener: VerifyListener = {}): Promise<Verification> {
  const recorded = await RecordedRun.read(request.folder);
  const states = await StoredStates.read(request.folder, recorded.record);
  const loaded = await taskKinds[recorded.record.config.task.name].repeat(request.folder, recorded.record);
  const replay = new Replay(request, recorded, states, loaded);
  try {
    return await replay.run(listener);
  } finally {
    replay.dispose();
  }
}

/** The replay of one run. */
class Replay {
  readonly #backends: BackendOptions;
  readonly #recorded: RecordedRun;
  readonly #states: StoredStates;
  readonly #loaded: NewTask;
  readonly #from: number;
  readonly #to: number;
  readonly #progress: Progress;
  readonly #checkpoints: number[] = [];
  readonly #models: number[] = [];
  readonly #probed: number[] = [];
  readonly #sampled: number[] = [];
  readonly #unequal = new Map<string, UnequalFact>();
  readonly #notices: Text[] = [];
  #task: TrainingTask | undefined;
  #probes: RunProbes | undefined;
  #lastProbe: Probe | undefined;
  /** Name of the backend in use. */
  #backend = '';

  constructor(request: VerifyRequest, recorded: RecordedRun, states: StoredStates, loaded: NewTask) {
    const { backends, steps = Infinity, fromStep = 0 } = request;
    this.#backends = backends;
    this.#recorded = recorded;
    this.#states = states;
    this.#loaded = loaded;
    this.#from = fromStep;
    this.#to = Math.min(recorded.steps, fromStep + steps);
    const checkpoint = states.checkpoint(fromStep);
    if (fromStep > 0 && !checkpoint) throw noCheckpoint(fromStep, states.steps);
    this.#progress =
      fromStep === 0 || !checkpoint
        ? new Progress(recorded.record)
        : new Progress(recorded.record, fromStep, checkpoint.state);
  }

  async run(listener: VerifyListener): Promise<Verification> {
    await this.#begin();
    listener.start?.(this.#describe(), this.#to);
    const difference = (await this.#compareAll(listener)) ?? null;
    const { record, steps } = this.#recorded;
    return {
      run: record.id,
      equal: difference === null,
      from: this.#from,
      to: this.#progress.step,
      steps,
      backend: this.#backend,
      checkpoints: this.#checkpoints,
      models: this.#models,
      probes: this.#probed,
      samples: this.#sampled,
      unequal: [...this.#unequal.values()],
      notices: this.#describe(),
      difference,
    };
  }

  dispose(): void {
    this.#probes?.dispose();
    this.#task?.dispose();
  }

  /** Creates the task on the backend of the first part, with its initial weights or those of a checkpoint. */
  async #begin(): Promise<void> {
    await this.#setBackend(this.#from + 1);
    const task = this.#createTask();
    const checkpoint = this.#states.checkpoint(this.#from);
    if (this.#from > 0 && checkpoint) task.loop.restore(checkpoint.state.trainer, checkpoint.tensors);
    else task.initialize();
  }

  #createTask(): TrainingTask {
    const task = this.#loaded.create();
    this.#task = task;
    const nowhere = { steps: [], add: async () => {} };
    this.#probes = new RunProbes(task, this.#recorded.record, nowhere, this.#progress, (probe) => {
      this.#lastProbe = probe;
    });
    return task;
  }

  async #compareAll({ step: tell }: VerifyListener): Promise<RecordedDifference | undefined> {
    const atStart = (this.#from === 0 ? await this.#compareProbe(0) : undefined) ?? (await this.#compareStates());
    if (atStart) return atStart;
    while (this.#progress.step < this.#to) {
      const difference = await this.#compareStep();
      if (difference) return difference;
      tell?.(this.#progress.step);
      await yieldToEventLoop();
    }
    return this.#compareDivergence();
  }

  /** Trains one step and compares all that the run has stored of it. */
  async #compareStep(): Promise<RecordedDifference | undefined> {
    const step = this.#progress.step + 1;
    await this.#moveTo(step);
    const now = await this.#train(step);
    if (!now) return differs(step, 'divergence');
    const stored = this.#recorded.step(step);
    return (
      (stored && compareSteps(stored, now)) ??
      (await this.#compareProbe(step)) ??
      (await this.#compareValidation(step)) ??
      (await this.#compareSamples(step)) ??
      (await this.#compareStates())
    );
  }

  /** Trains a step. @returns undefined if a value is not finite */
  async #train(step: number): Promise<StepEvent | undefined> {
    const training = trainingOfStep(this.#recorded.record, step);
    try {
      return await takeStep(this.#running.loop, this.#progress, training, this.#probes);
    } catch (error) {
      if (error instanceof DivergenceError) return undefined;
      throw error;
    }
  }

  /** Takes a probe if the run has stored one of this step. */
  async #compareProbe(step: number): Promise<RecordedDifference | undefined> {
    const stored = this.#recorded.probe(step);
    if (!stored) return this.#recorded.damagedProbe(step);
    await this.#probes?.take(step, isComplete(stored));
    const difference = this.#lastProbe && this.#recorded.compareProbe(this.#lastProbe);
    if (!difference) this.#probed.push(step);
    return difference;
  }

  /** Lets the model write what it has written at this step. */
  async #compareSamples(step: number): Promise<RecordedDifference | undefined> {
    const { writer } = this.#running;
    const { config } = this.#recorded.record;
    const samples = writer && tasks[config.task.name].writes ? this.#recorded.samples(step) : [];
    for (const { prompt, temperature } of samples) {
      if (!writer) break;
      const text = await writeSample(writer, config, { step, prompt, temperature }, async () => {
        await yieldToEventLoop();
        return true;
      });
      const difference = this.#recorded.compareSample({ event: 'sample', step, prompt, temperature, text });
      if (difference) return difference;
    }
    if (samples.length > 0) this.#sampled.push(step);
    return undefined;
  }

  /** Validates when the run did: the learning rate may depend on it. */
  async #compareValidation(step: number): Promise<RecordedDifference | undefined> {
    const stored = this.#recorded.validation(step);
    if (!stored) return undefined;
    const { loss, n, scores } = await this.#running.validate(async () => yieldToEventLoop());
    this.#progress.addValidation({ loss, solved: false });
    const now: ValidationEvent = {
      event: 'validation',
      step,
      loss: finite(loss),
      n,
      ...(scores && { scores: { ...scores } }),
    };
    return compareValidations(stored, now);
  }

  async #compareStates(): Promise<RecordedDifference | undefined> {
    const { step } = this.#progress;
    const checkpoint = await this.#states.compareCheckpoint(step, this.#running);
    if (checkpoint) return checkpoint;
    if (this.#states.steps.includes(step)) this.#checkpoints.push(step);
    if (!this.#states.hasModel(step)) return undefined;
    const model = await this.#states.compareModels(step, this.#running);
    if (!model) this.#models.push(step);
    return model;
  }

  /** Checks that a run that diverged does so again, in the step after its last one. */
  async #compareDivergence(): Promise<RecordedDifference | undefined> {
    const { diverged, steps } = this.#recorded;
    if (!diverged || this.#progress.step < steps) return undefined;
    const next = await this.#train(steps + 1);
    return next && differs(steps + 1, 'divergence');
  }

  /** Moves the model to another backend if a resume of the run did so before a step. */
  async #moveTo(step: number): Promise<void> {
    const { record } = this.#recorded;
    if (partOfStep(record, step).backend.name === partOfStep(record, step - 1).backend.name) return;
    if (step === this.#from + 1) return;
    const { state } = this.#running.loop;
    const tensors = await this.#running.loop.tensors();
    this.dispose();
    await this.#setBackend(step);
    this.#createTask().loop.restore(state, tensors);
  }

  async #setBackend(step: number): Promise<void> {
    const part = partOfStep(this.#recorded.record, step);
    const { backend, notices } = await reloadBackend(part.backend, this.#backends);
    this.#backend = backend.name;
    this.#notices.push(...notices);
    for (const each of unequalFacts(part, thisProcess(backend))) this.#unequal.set(each.fact, each);
  }

  #describe(): Text[] {
    const unequal = describeUnequal([...this.#unequal.values()]);
    return [...this.#notices, ...(unequal ? [unequal] : [])];
  }

  get #running(): TrainingTask {
    if (!this.#task) throw new Error('The replay has not begun.');
    return this.#task;
  }
}

function noCheckpoint(step: number, steps: readonly number[]): InputError {
  return new InputError(
    'not-found',
    sentences(
      phrase('The run has no readable checkpoint of step {0} to begin with.', step),
      phrase('It has those of steps {0}.', steps.join(', ')),
    ),
  );
}
