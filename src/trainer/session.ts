import { performance } from 'node:perf_hooks';
import { deviceBytes } from '../backends/deviceMemory.ts';
import { type TaskDescription, tasks } from '../config/tasks.ts';
import { yieldTurn } from '../data/yieldTurn.ts';
import type { EndEvent, EndReason, MetricEvent, RunEvent } from '../protocol/events.ts';
import type { ResumeRequest, Sampling, StartRequest } from '../protocol/trainer.ts';
import { Generator } from '../random/generator.ts';
import { MetricsLog } from '../runs/metricsLog.ts';
import { ProbeStore } from '../runs/probeStore.ts';
import { type RunRecord, writeRecord } from '../runs/record.ts';
import { writeReport } from '../runs/report.ts';
import { DivergenceError } from '../training/update.ts';
import { afterValidation } from '../training/plateaus.ts';
import { learningRateAt } from '../training/schedule.ts';
import { Control } from './control.ts';
import type { Inspected } from './inspector/inspected.ts';
import { Inspector } from './inspector/inspector.ts';
import { type CheckpointState, prepareResume, prepareRun, type PreparedRun, startEvent } from './prepare.ts';
import { RunProbes } from './runProbes.ts';
import { meets, solvedWords } from './solved.ts';
import { Stopwatch } from './stopwatch.ts';
import { saveTrainedModel } from './trainedModel.ts';

/** How many training losses the end event averages. */
const RECENT = 100;

/** Milliseconds after which the metrics are handed to readers of the log, and to the disk if this process dies. */
const FLUSH = 500;

/** Receives what happens, in order. */
export type EventSink = (event: RunEvent) => void;

/**
 * One run, from its first step (or its last checkpoint) to its end. It knows nothing of threads, editors
 * or terminals: the worker, the command line and the tests drive the same code.
 */
export class Session {
  readonly control = new Control();
  /** Answers questions about the model as it is now. */
  readonly inspector: Inspector;
  readonly #run: PreparedRun;
  readonly #emit: EventSink;
  readonly #log: MetricsLog;
  readonly #watch: Stopwatch;
  readonly #probes: RunProbes;
  #record: RunRecord;
  #step: number;
  #sampling: Sampling;
  #recentLosses: number[];
  #validationLoss: number | null;
  #validatedAt = -1;
  /** Whether the last validation met the criterion of the task. */
  #solved: boolean | null = null;
  #best: CheckpointState['best'];
  #plateaus: CheckpointState['plateaus'];
  #checkpointAt: number;
  #flushedAt = 0;
  #deviceBytes: number | undefined;

  /** Prepares a new run. @throws as `prepareRun` */
  static async start(request: StartRequest, emit: EventSink): Promise<Session> {
    return Session.#open(await prepareRun(request, new Date()), emit);
  }

  /** Prepares a run to go on from its last checkpoint. @throws as `prepareResume` */
  static async resume(request: ResumeRequest, emit: EventSink): Promise<Session> {
    return Session.#open(await prepareResume(request), emit);
  }

  static async #open(run: PreparedRun, emit: EventSink): Promise<Session> {
    const log = await MetricsLog.openAfter(run.folder, run.step);
    return new Session(run, emit, log, await ProbeStore.openAfter(run.folder, run.step));
  }

  private constructor(run: PreparedRun, emit: EventSink, log: MetricsLog, probes: ProbeStore) {
    this.#run = run;
    this.#emit = emit;
    this.#log = log;
    this.#record = run.record;
    this.#step = run.step;
    const { temperature, prompt } = run.record.config.sampling;
    this.#sampling = { temperature, prompt };
    const { seconds, recentLosses, validationLoss, best, plateaus, recentlyClipped } = run.state;
    this.#probes = new RunProbes(run.task, run.record.config, probes, recentlyClipped, (probe) =>
      emit({ event: 'probe', probe }),
    );
    this.inspector = new Inspector(this.#inspected(), this.control.questions.ask);
    this.#watch = new Stopwatch(seconds);
    this.#recentLosses = [...recentLosses];
    this.#validationLoss = validationLoss;
    this.#best = best;
    this.#plateaus = plateaus;
    this.#checkpointAt = run.step;
    emit(startEvent(run));
  }

  get id(): string {
    return this.#record.id;
  }

  get folder(): string {
    return this.#run.folder;
  }

  /**
   * Trains until the steps or seconds are used up, the owner stops it, or it diverges; by then everything
   * is on disk.
   * @throws whatever else goes wrong (a full disk, a failing backend); the record then says `failed`
   */
  async train(): Promise<EndEvent> {
    try {
      return await this.#loop();
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      await writeRecord(this.folder, { ...this.#record, state: 'failed', message });
      throw error;
    } finally {
      await this.control.questions.close(new Error('The run has just ended. Ask again.'));
      this.inspector.dispose();
      await this.#log.close();
      await this.#run.lock.release();
      this.#run.task.dispose();
    }
  }

  async #loop(): Promise<EndEvent> {
    try {
      await this.#probes.takeIfDue(this.#step);
      for (;;) {
        await this.#serveRequests();
        const ending = this.#ending();
        if (ending) return await this.#end(ending.reason, ending.message);
        await this.#trainStep();
        await this.#periodic();
        await yieldTurn();
      }
    } catch (error) {
      if (!(error instanceof DivergenceError)) throw error;
      return this.#end('diverged', this.#describeDivergence(error));
    }
  }

  async #trainStep(): Promise<void> {
    const { training } = this.#record.config;
    const { trainer } = this.#run.task;
    const learningRate = learningRateAt(this.#step + 1, training, this.#plateaus.lowered);
    const before = performance.now();
    const { loss, gradientNorm, clippedGradientNorm } = await this.#probes.watch(this.#step + 1, async () =>
      trainer.step(learningRate, training),
    );
    const seconds = (performance.now() - before) / 1000;
    this.#step += 1;
    this.#recentLosses = [...this.#recentLosses, loss].slice(-RECENT);
    this.#report({
      event: 'step',
      step: this.#step,
      loss,
      gradientNorm: finite(gradientNorm),
      clippedGradientNorm: finite(clippedGradientNorm),
      learningRate,
      itemsPerSecond: trainer.itemsPerStep / seconds,
      seconds: this.#watch.seconds,
    });
  }

  /** What happens every so many steps. */
  async #periodic(): Promise<void> {
    const { training, sampling } = this.#record.config;
    const isDue = (every: number) => every > 0 && this.#step % every === 0;
    await this.#probes.takeIfDue(this.#step);
    if (isDue(training.validateEvery)) await this.#validate();
    if (isDue(sampling.every)) await this.#sample();
    if (isDue(training.checkpointEvery)) await this.#checkpoint();
    if (performance.now() - this.#flushedAt > FLUSH) {
      await this.#log.flush();
      this.#tellMemory();
      this.#flushedAt = performance.now();
    }
  }

  #tellMemory(): void {
    const bytes = deviceBytes();
    if (bytes === undefined || bytes === this.#deviceBytes) return;
    this.#deviceBytes = bytes;
    this.#emit({ event: 'memory', deviceBytes: bytes });
  }

  async #serveRequests(): Promise<void> {
    for (;;) {
      await this.control.questions.answer();
      const sampling = this.control.takeSampleRequest();
      if (sampling) {
        this.#sampling = sampling;
        await this.#sample();
      } else if (this.control.paused) {
        await this.#hold();
      } else {
        return;
      }
    }
  }

  /** Holds until the owner asks for something. */
  async #hold(): Promise<void> {
    const isFirst = this.#watch.stop();
    if (isFirst) {
      // A held run may be held for good, by a closing window: nothing of it is lost.
      await this.#writeCheckpoint();
      this.#emit({ event: 'paused', paused: true, step: this.#step });
    }
    await this.control.nextRequest();
    if (this.control.paused) return;
    this.#watch.start();
    this.#emit({ event: 'paused', paused: false, step: this.#step });
  }

  #ending(): { reason: EndReason; message?: string } | undefined {
    const { steps, secondsLimit, config } = this.#record;
    const task = this.#description;
    if (this.control.stopped) return { reason: 'stopped' };
    if (this.#solved && task.criterion && config.training.stopWhenSolved) {
      return { reason: 'completed', message: solvedWords(this.#step, task.criterion, task) };
    }
    const { patience } = config.training;
    if (patience > 0 && this.#plateaus.since >= patience) {
      return {
        reason: 'completed',
        message: `Ended early at step ${this.#step}: the last ${patience} validations were no better than the best before them.`,
      };
    }
    if (this.#run.task.trainer.done || this.#step >= steps || (secondsLimit > 0 && this.#watch.seconds >= secondsLimit))
      return { reason: 'completed' };
    return undefined;
  }

  get #description(): TaskDescription {
    return tasks[this.#record.config.task.name];
  }

  async #validate(): Promise<void> {
    if (this.#validatedAt === this.#step) return;
    const validation = await this.#run.task.validate(async () => this.#breathe());
    const { loss, n, scores } = validation;
    const { criterion } = this.#description;
    this.#validationLoss = loss;
    this.#plateaus = afterValidation(this.#plateaus, loss, this.#record.config.training.plateauPatience);
    this.#solved = criterion ? meets(criterion, validation) : null;
    this.#validatedAt = this.#step;
    this.#report({ event: 'validation', step: this.#step, loss, n, ...(scores && { scores: { ...scores } }) });
    await this.#show();
  }

  /** What the task shows of the model as it is now; the last of it stays with the run. */
  async #show(): Promise<void> {
    const blocks = await this.#run.task.report?.(async () => this.#breathe());
    if (!blocks) return;
    const report = { step: this.#step, blocks: [...blocks] };
    await writeReport(this.folder, report);
    this.#emit({ event: 'report', report });
  }

  /** A sample of what the model writes, if it can. */
  async #sample(): Promise<void> {
    const { write } = this.#run.task;
    if (!write) return;
    const { seed, sampling } = this.#record.config;
    const { prompt, temperature } = this.#sampling;
    const generator = Generator.forPurpose(seed, `sample ${this.#step}`);
    let text = '';
    for await (const character of write({ prompt, temperature, length: sampling.length, generator })) {
      text += character;
      await this.#breathe();
      if (this.control.stopped) break;
    }
    this.#report({ event: 'sample', step: this.#step, prompt, temperature, text });
  }

  /** Every checkpoint is validated, so that the best of them is known. */
  async #checkpoint(): Promise<void> {
    await this.#validate();
    const loss = this.#validationLoss;
    if (loss !== null && (this.#best === null || loss < this.#best.loss)) this.#best = { step: this.#step, loss };
    await this.#writeCheckpoint();
    this.#record = this.#recordNow();
    await writeRecord(this.folder, this.#record);
  }

  async #writeCheckpoint(): Promise<void> {
    if (this.#checkpointAt === this.#step) return;
    await this.#log.flush();
    const { task, checkpoints, folder } = this.#run;
    const state: CheckpointState = {
      trainer: task.trainer.state,
      seconds: this.#watch.seconds,
      recentLosses: this.#recentLosses,
      validationLoss: this.#validationLoss,
      best: this.#best,
      plateaus: this.#plateaus,
      recentlyClipped: this.#probes.recentlyClipped,
    };
    await this.#probes.flush();
    await checkpoints.write({ step: this.#step, state, tensors: await task.trainer.tensors() }, this.#best?.step);
    if (this.#isToKeep) await saveTrainedModel(folder, task);
    this.#checkpointAt = this.#step;
    this.#emit({ event: 'checkpoint', step: this.#step });
  }

  /** Whether the model as it is now belongs on disk: always, or only where no better one has been validated. */
  get #isToKeep(): boolean {
    const { keepBest } = this.#record.config.training;
    return !keepBest || this.#best === null || this.#best.step === this.#step;
  }

  async #end(reason: EndReason, message?: string): Promise<EndEvent> {
    if (reason === 'completed') await this.#checkpoint();
    // A stop answers quickly: it writes what there is and scores nothing.
    else if (reason === 'stopped') await this.#writeCheckpoint();
    // The weights of a diverged run are finite, but a resume begins at the checkpoint before.
    else {
      await saveTrainedModel(this.folder, this.#run.task);
      await this.#probes.takeLast(this.#step);
    }
    await this.#log.flush();
    await this.#probes.flush();
    this.#watch.stop();
    this.#record = { ...this.#recordNow(), state: reason, message: message ?? null };
    await writeRecord(this.folder, this.#record);
    const { step, seconds, trainLoss, validationLoss } = this.#record.progress;
    const end: EndEvent = {
      event: 'end',
      run: this.id,
      reason,
      trainLoss,
      validationLoss,
      solved: this.#solved,
      steps: step,
      seconds,
      backend: this.#record.backend.name,
      ...(message === undefined ? {} : { message }),
    };
    this.#emit(end);
    return end;
  }

  /** Lets messages in, and answers questions, amid longer work that leaves the model as it is. */
  async #breathe(): Promise<void> {
    await this.control.questions.answer();
    await yieldTurn();
  }

  /** This run as questions see it. */
  #inspected(): Inspected {
    const step = () => this.#step;
    return {
      get step() {
        return step();
      },
      reading: () => {
        const { reading } = this.#run.task;
        if (!reading) throw new Error(`The task "${this.#description.title}" reads no text.`);
        return reading;
      },
      probe: async (text) => this.#probes.onDemand(this.#step, text),
    };
  }

  #recordNow(): RunRecord {
    const trainLoss = this.#recentLosses.reduce((sum, loss) => sum + loss, 0) / this.#recentLosses.length;
    return {
      ...this.#record,
      progress: {
        step: this.#step,
        seconds: this.#watch.seconds,
        trainLoss: Number.isFinite(trainLoss) ? trainLoss : null,
        validationLoss: this.#validationLoss,
        best: this.#best,
      },
    };
  }

  #describeDivergence({ tensor, message }: DivergenceError): string {
    const what = tensor === 'the loss' ? 'Lower the learning rate' : 'Lower the learning rate or clip the gradient';
    return `Step ${this.#step + 1}: ${message}. The weights of step ${this.#step} are kept. ${what}, and resume from the last checkpoint.`;
  }

  #report(event: MetricEvent): void {
    this.#log.append(event);
    this.#emit(event);
  }
}

/** A number as it travels: JSON has no NaN or Infinity. */
function finite(value: number): number | null {
  return Number.isFinite(value) ? value : null;
}
