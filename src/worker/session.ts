import { join } from 'node:path';
import { deviceBytes } from '../backends/deviceMemory.ts';
import { type Criterion, describeCriterion, meets, type TaskDescription, taskOf } from '../config/tasks.ts';
import { yieldToEventLoop } from '../platform/system.ts';
import { disk, type Files, isMissing } from '../platform/files.ts';
import { formatLoss } from '../format/loss.ts';
import type { EndEvent, EndReason, MetricEvent, RunEvent } from '../protocol/events.ts';
import type { Probe } from '../protocol/probes.ts';
import type { RepeatRequest, ResumeRequest, Sampling, StartRequest } from '../protocol/trainer.ts';
import { type Headline, runHeadline } from '../protocol/verdicts.ts';
import { EventLog, EVENTS_FOLDER } from '../export/tensorboard/eventLog.ts';
import { sweepTemporaryFiles } from '../runs/leftovers.ts';
import { LostLockError } from '../runs/lock.ts';
import { MetricsLog } from '../runs/metricsLog.ts';
import { ProbeStore } from '../runs/probeStore.ts';
import { type RunRecord, writeRecord } from '../runs/record.ts';
import { readReport, writeReport } from '../runs/report.ts';
import { trainingOfStep } from '../runs/runPart.ts';
import { DivergenceError } from '../training/update.ts';
import { Control } from './control.ts';
import { describeDivergence } from './describeDivergence.ts';
import { type Inspected, Inspector } from './inspector/inspector.ts';
import { KeptModel } from './keptModel.ts';
import { openStored } from './openStored.ts';
import { prepareRepeat, prepareResume, prepareRun, type PreparedRun, startEvent } from './prepare.ts';
import type { Progress } from './progress.ts';
import { RunProbes } from './runProbes.ts';
import { finite, takeStep } from './takeStep.ts';
import { recoverTrainedModel } from './trainedModel.ts';
import { writeSample } from './writeSample.ts';
import { textOf } from '../phrases/causes.ts';
import { phrase, PhrasedError, sentences, type Text } from '../phrases/phrase.ts';

/** Milliseconds after which buffered metrics are flushed to the log, for its readers and in case this process dies. */
const FLUSH_INTERVAL = 500;

/** Receives the events of a run in order. */
export type EventSink = (event: RunEvent) => void;

/**
 * One run, from its first step (or its last checkpoint) to its end. It does not depend on threads, editors or
 * terminals: the worker, the command line and the tests drive the same code.
 */
export class Session {
  readonly control = new Control();
  /** Answers queries about the current model. */
  readonly inspector: Inspector;
  readonly #run: PreparedRun;
  readonly #emit: EventSink;
  readonly #log: MetricsLog;
  readonly #progress: Progress;
  readonly #probes: RunProbes;
  readonly #kept: KeptModel;
  /** Events for TensorBoard; undefined if none are written. */
  readonly #events: EventLog | undefined;
  #record: RunRecord;
  #sampling: Sampling;
  /** Whether the last validation met the criterion of the task. */
  #solved: boolean | null = null;
  #flushedAt = 0;
  #deviceBytes: number | undefined;
  #lastProbe: Probe | undefined;
  /** Step of the model that wrote the last sample. */
  #sampledStep: number | undefined;
  /** Step of the report in `report.json`; undefined until one is written. */
  #shownStep: number | undefined;

  /** Prepares a new run. @throws as `prepareRun` */
  static async start(request: StartRequest, emit: EventSink, files: Files = disk): Promise<Session> {
    return Session.#open(await prepareRun(request, new Date(), files), emit, request.tensorboard);
  }

  /** Prepares a run that repeats a stored one and is compared with it. @throws as `prepareRepeat` */
  static async repeat(request: RepeatRequest, emit: EventSink, files: Files = disk): Promise<Session> {
    return Session.#open(await prepareRepeat(request, new Date(), files), emit, request.tensorboard);
  }

  /** Prepares a run to resume from its last checkpoint. @throws as `prepareResume` */
  static async resume(request: ResumeRequest, emit: EventSink, files: Files = disk): Promise<Session> {
    return Session.#open(await prepareResume(request, files), emit, request.tensorboard);
  }

  static async #open(run: PreparedRun, emit: EventSink, tensorboard: string | undefined): Promise<Session> {
    const { folder, files, progress, lock, task, record, before } = run;
    try {
      const notices: Text[] = [];
      const tell = (notice: Text) => notices.push(notice);
      const log = await MetricsLog.openAfter(folder, progress.step, files, tell, run.metrics);
      const probes = await ProbeStore.openAfter(folder, progress.step, files, (step) =>
        notices.push(
          phrase('The probe of step {0} is damaged and left out. It is kept with the ending .damaged.', step),
        ),
      );
      const kept = await KeptModel.open(run);
      const mended = await kept.mend();
      if (mended) notices.push(mended);
      const session = new Session(run, emit, log, probes, kept, tensorboard);
      for (const notice of notices) session.#tell(notice);
      return session;
    } catch (error) {
      // A second failure leaves a run that is listed as interrupted.
      await writeRecord(folder, before ?? { ...record, state: 'failed', message: textOf(error) }, files).catch(
        () => undefined,
      );
      await lock.release();
      task.dispose();
      throw error;
    }
  }

  private constructor(
    run: PreparedRun,
    emit: EventSink,
    log: MetricsLog,
    probes: ProbeStore,
    kept: KeptModel,
    tensorboard: string | undefined,
  ) {
    this.#run = run;
    this.#emit = emit;
    this.#log = log;
    this.#record = run.record;
    this.#progress = run.progress;
    this.#kept = kept;
    this.#events = tensorboard === undefined ? undefined : this.#eventLog(tensorboard);
    const { temperature, prompt } = run.record.config.sampling;
    this.#sampling = { temperature, prompt };
    this.#lastProbe = probes.last;
    this.#probes = new RunProbes(run.task, run.record, probes, run.progress, (probe) => {
      this.#lastProbe = probe;
      this.#events?.probe(probe);
      emit({ event: 'probe', probe });
      if (run.check?.compareProbe(probe)) this.#tellRepetition();
    });
    this.inspector = new Inspector(this.#inspected(), this.control.questions.ask);
    run.progress.clock.start();
    emit(startEvent(run));
  }

  get id(): string {
    return this.#record.id;
  }

  get folder(): string {
    return this.#run.folder;
  }

  /**
   * Trains until the steps or seconds are used up, the owner stops it, or it diverges. By then everything is on disk.
   * @throws any other error (a full disk, a failing backend), after setting the state of the record to `failed`
   */
  async train(): Promise<EndEvent> {
    try {
      return await this.#loop();
    } catch (thrown) {
      const error = await this.#explained(thrown);
      // The files belong to another process now.
      if (error instanceof LostLockError) throw error;
      const message = textOf(error);
      // A full disk fails here too; the first error says more.
      await this.#log.flush().catch(() => undefined);
      // The folder of the events would be created with its parents.
      if (error === thrown) await this.#events?.end(this.#progress.step, 'failed');
      await this.#writeFailure({ ...this.#record, state: 'failed', message });
      throw error;
    } finally {
      await this.control.questions.close(new PhrasedError(phrase('The run has just ended. Ask again.')));
      this.inspector.dispose();
      this.#probes.dispose();
      this.#run.task.dispose();
      await this.#run.lock.release();
    }
  }

  /** Writes the record of a failed run. Incomplete files, which a full disk left behind, make room for it. */
  async #writeFailure(record: RunRecord): Promise<void> {
    const { files } = this.#run;
    await this.#writeRecord(record)
      .catch(async () => {
        await sweepTemporaryFiles(this.folder, files);
        await this.#run.checkpoints.recover();
        await recoverTrainedModel(this.folder, files);
        await this.#writeRecord(record);
      })
      .catch(() => undefined);
  }

  /** The reason of an error of the file system that the run's folder has been removed. */
  async #explained(error: unknown): Promise<unknown> {
    // The lock goes with the folder.
    if (!isMissing(error) && !(error instanceof LostLockError)) return error;
    return this.#run.files.list(this.folder).then(
      () => error,
      (reason: unknown) =>
        isMissing(reason)
          ? new PhrasedError(
              phrase(
                'The folder {0} was deleted or moved while its run was training. The run has ended at step {1}, and nothing more is written.',
                this.folder,
                this.#progress.step,
              ),
              { cause: error },
            )
          : error,
    );
  }

  async #loop(): Promise<EndEvent> {
    try {
      await this.#probes.takeIfDue(this.#progress.step);
      for (;;) {
        await this.#serveRequests();
        const ending = this.#ending();
        if (ending) return await this.#end(ending.reason, ending.message);
        await this.#trainStep();
        await this.#periodic();
        await yieldToEventLoop();
      }
    } catch (error) {
      if (!(error instanceof DivergenceError)) throw error;
      const { step } = this.#progress;
      if (this.#run.check?.diverged(step)) this.#tellRepetition();
      this.#progress.diverge({ step: step + 1, parameter: error.parameter, part: error.part });
      this.#tellLearning();
      return this.#end(
        'diverged',
        describeDivergence(error, { step, keptStep: this.#progress.kept?.step ?? step }, this.#record.config),
        error.part !== 'update',
      );
    }
  }

  async #trainStep(): Promise<void> {
    const training = trainingOfStep(this.#record, this.#progress.step + 1);
    this.#report(await takeStep(this.#run.task.loop, this.#progress, training, this.#probes));
  }

  /** Probes, validates, samples and writes checkpoints, each when it is due. */
  async #periodic(): Promise<void> {
    const { training, sampling, probes } = this.#record.config;
    const isDue = (every: number) => every > 0 && this.#progress.step % every === 0;
    // A model that overflowed in the last update must not be evaluated or stored.
    if ([probes.every, training.validateEvery, sampling.every, training.checkpointEvery].some(isDue))
      await this.#run.task.loop.checkWeights?.();
    const validates = [training.validateEvery, training.checkpointEvery].some(isDue);
    if (validates || this.#run.check?.validates(this.#progress.step)) await this.#validate();
    // After the validation, so that a probe and the panel say the same about the losses of one step.
    await this.#probes.takeIfDue(this.#progress.step);
    if (isDue(sampling.every)) await this.#sample();
    if (isDue(training.checkpointEvery)) await this.#checkpoint();
    if (performance.now() - this.#flushedAt > FLUSH_INTERVAL) {
      await this.#run.lock.assertHeld();
      await this.#log.flush();
      await this.#events?.flush();
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

  /** Pauses until the next request of the owner. */
  async #hold(): Promise<void> {
    const isFirst = this.#progress.clock.stop();
    if (isFirst) {
      // The window may close while the run is paused: write a checkpoint so that nothing is lost.
      await this.#writeCheckpoint();
      this.#emit({ event: 'paused', paused: true, step: this.#progress.step });
    }
    await this.control.nextRequest();
    if (this.control.paused) return;
    this.#progress.clock.start();
    this.#emit({ event: 'paused', paused: false, step: this.#progress.step });
  }

  #ending(): { reason: EndReason; message?: Text } | undefined {
    const { steps, secondsLimit, config } = this.#record;
    const task = this.#description;
    const { interruption } = this.control;
    if (interruption !== undefined) return { reason: 'interrupted', message: interruption };
    if (this.control.stopped) return { reason: 'stopped' };
    // The run that is repeated may have been resumed after an early end.
    if (this.#progress.step < (this.#run.check?.steps ?? 0) && !this.#run.task.loop.done) return undefined;
    if (this.#solved && task.criterion && config.training.stopWhenSolved) {
      return { reason: 'completed', message: solvedMessage(this.#progress.step, task.criterion, task) };
    }
    if (this.#progress.isOutOfPatience) return { reason: 'completed', message: this.#describeEarlyEnd() };
    if (
      this.#run.task.loop.done ||
      this.#progress.step >= steps ||
      (secondsLimit > 0 && this.#progress.clock.seconds >= secondsLimit)
    )
      return { reason: 'completed' };
    return undefined;
  }

  get #description(): TaskDescription {
    return taskOf(this.#record.config.task);
  }

  async #validate(): Promise<void> {
    if (this.#progress.isValidated) return;
    const validation = await this.#run.task.validate(async () => this.#yieldNow());
    const { loss, n, scores } = validation;
    const { criterion } = this.#description;
    this.#solved = criterion ? meets(criterion, validation) : null;
    if (this.#progress.addValidation({ loss, solved: this.#solved === true })) await this.#kept.replace();
    this.#report({
      event: 'validation',
      step: this.#progress.step,
      loss: finite(loss),
      n,
      ...(scores && { scores: { ...scores } }),
    });
    this.#tellLearning();
    await this.#show();
  }

  #tellLearning(): void {
    const { learning, best, kept } = this.#progress;
    this.#emit({ event: 'learning', ...learning, best, kept });
  }

  /** Emits the task's report on the current model, and stores it with the run in place of the report before. */
  async #show(): Promise<void> {
    const blocks = await this.#run.task.report?.(async () => this.#yieldNow());
    if (!blocks) return;
    const report = { step: this.#progress.step, blocks: [...blocks] };
    await writeReport(this.folder, report, this.#run.files, this.#progress.kept?.step === report.step);
    this.#shownStep = report.step;
    this.#emit({ event: 'report', report });
  }

  /** Shows the report on the model in `model/`, which is what a run that has ended is used for. */
  async #showKept(): Promise<void> {
    const { files, task } = this.#run;
    const step = this.#progress.kept?.step;
    if (!task.report || (step !== undefined && step === this.#shownStep)) return;
    const kept = await readReport(this.folder, files, 'kept').catch(() => undefined);
    const shown = await readReport(this.folder, files).catch(() => undefined);
    if (!kept || kept.step !== step || kept.step === shown?.step) return;
    await writeReport(this.folder, kept, files);
    this.#emit({ event: 'report', report: kept });
  }

  /** Writes a sample, if the model writes text. */
  async #sample(writer = this.#run.task.writer, step = this.#progress.step): Promise<void> {
    if (!writer || !this.#description.writes) return;
    const { prompt, temperature } = this.#sampling;
    const text = await writeSample(writer, this.#record.config, { step, prompt, temperature }, async () => {
      await this.#yieldNow();
      return !this.control.stopped;
    });
    this.#sampledStep = step;
    this.#report({ event: 'sample', step, prompt, temperature, text });
  }

  /** Lets the model in `model/` write the last sample of a run that writes samples, unless it has. */
  async #sampleKept(): Promise<void> {
    const { config } = this.#record;
    const step = this.#progress.kept?.step;
    if (config.sampling.every === 0 || !this.#description.writes || step === undefined || step === this.#sampledStep)
      return;
    // A run whose time limit is reached before its first step has no saved model.
    if (this.#progress.step === 0) return;
    const stored = await openStored(this.folder, this.#record);
    try {
      await this.#sample(stored.writer, step);
    } finally {
      stored.dispose();
    }
  }

  /** Writes a checkpoint, after a validation, so that the best model is known. */
  async #checkpoint(): Promise<void> {
    await this.#validate();
    if (this.#progress.hasCheckpoint) {
      // The process that wrote the checkpoint may have been killed before it replaced the model.
      await this.#kept.save();
      return;
    }
    await this.#writeCheckpoint();
    // The end of the run writes the record.
    if (this.#ending()) return;
    this.#record = { ...this.#record, progress: this.#progress.recorded };
    await this.#writeRecord(this.#record);
  }

  async #writeCheckpoint(): Promise<void> {
    if (this.#progress.hasCheckpoint) return;
    const { task, checkpoints, lock } = this.#run;
    await lock.assertHeld();
    await this.#log.sync();
    const { step, best } = this.#progress;
    const state = this.#progress.checkpointState(task.loop.state);
    await this.#probes.flush();
    const tensors = await task.loop.tensors();
    const keptModel = this.#kept.forCheckpoint;
    await checkpoints.write({ step, state, tensors, keptModel, metrics: this.#log.written }, best?.step);
    await this.#kept.save();
    this.#progress.checkpointWritten();
    this.#emit({ event: 'checkpoint', step });
  }

  /** @param currentIsFinite false if the last update left weights that are not finite */
  async #end(reason: EndReason, message?: Text, currentIsFinite = true): Promise<EndEvent> {
    if (reason !== 'diverged') await this.#run.task.loop.checkWeights?.();
    // A repeated run that was stopped had no validation at its end, which could change the model that is kept.
    const { check } = this.#run;
    if (reason === 'completed' && (!check || check.validates(this.#progress.step))) {
      await this.#checkpoint();
      await this.#sampleKept();
    }
    // A stop is quick: it writes a checkpoint without a validation.
    else if (reason !== 'diverged') await this.#writeCheckpoint();
    // A resume starts from the checkpoint before.
    else {
      await this.#kept.save({ currentIsFinite });
      await this.#probes.takeLast(this.#progress.step);
    }
    if (reason !== 'diverged') await this.#showKept();
    await this.#log.sync();
    await this.#events?.end(this.#progress.step, reason);
    await this.#probes.flush();
    this.#progress.clock.stop();
    this.#tellRepetition();
    this.#record = {
      ...this.#record,
      progress: this.#progress.recorded,
      state: reason,
      message: message ?? null,
    };
    await this.#writeRecord(this.#record);
    const { step, seconds, trainLoss, validationLoss, best, kept } = this.#record.progress;
    const end: EndEvent = {
      event: 'end',
      run: this.id,
      reason,
      trainLoss,
      validationLoss: kept ? kept.loss : validationLoss,
      bestValidationLoss: best?.loss ?? null,
      bestStep: best?.step ?? null,
      verdict: this.#verdict(),
      solved: this.#solved,
      steps: step,
      seconds,
      backend: this.#record.backend.name,
      ...(message === undefined ? {} : { message }),
    };
    this.#emit(end);
    return end;
  }

  /** Yields to the event loop and answers pending queries during long read-only work. */
  async #yieldNow(): Promise<void> {
    await this.control.questions.answer();
    await yieldToEventLoop();
  }

  /** This run as the inspector sees it. */
  #inspected(): Inspected {
    const step = () => this.#progress.step;
    const { control } = this;
    return {
      get step() {
        return step();
      },
      get stopping() {
        return control.stopped;
      },
      writer: () => {
        const { writer } = this.#run.task;
        if (!writer) throw new PhrasedError(phrase('The task "{0}" writes no text.', this.#description.title));
        return writer;
      },
      reading: () => {
        const { reading } = this.#run.task;
        if (!reading) throw new PhrasedError(phrase('The task "{0}" reads no text.', this.#description.title));
        return reading;
      },
      probe: async (text, start) => this.#probes.onDemand(this.#progress.step, text, start),
    };
  }

  /** The headline of the run: from what its losses say about learning, and its last probe about the gradient. */
  #verdict(): Headline | null {
    const flow = this.#lastProbe?.verdicts.filter(({ layer }) => layer !== null) ?? [];
    return runHeadline([...this.#progress.learning.findings, ...flow], this.#lastProbe !== undefined);
  }

  #describeEarlyEnd(): Text {
    const { step, best, kept, plateaus } = this.#progress;
    const which = best
      ? phrase('the best, {0} at step {1}', formatLoss(best.loss), best.step)
      : phrase('the best before them');
    const model =
      this.#record.config.training.keepBest && kept ? phrase('The model of step {0} is kept.', kept.step) : '';
    const reason = phrase(
      'Ended early at step {0}: the last {1} validations were no better than {2}.',
      step,
      plateaus.since,
      which,
    );
    return sentences(reason, model);
  }

  async #writeRecord(record: RunRecord): Promise<void> {
    await writeRecord(this.folder, record, this.#run.files);
  }

  /** @param folder of the events; empty for a folder in that of the run */
  #eventLog(folder: string): EventLog {
    const { record, progress, files } = this.#run;
    return new EventLog({
      folder: folder === '' ? join(this.folder, EVENTS_FOLDER) : join(folder, record.id),
      run: record,
      step: progress.step,
      seconds: progress.clock.seconds,
      files,
      failed: (error) =>
        this.#tell(phrase('No more TensorBoard events are written, and the run continues: {0}', textOf(error))),
    });
  }

  /** Tells the user something about the run, and keeps it with the run. */
  #tell(text: Text): void {
    this.#record = { ...this.#record, notices: [...this.#record.notices, text] };
    this.#emit({ event: 'notice', text });
  }

  #report(event: MetricEvent): void {
    this.#log.append(event);
    this.#events?.metric(event);
    this.#emit(event);
    // A stop cuts the sample that is being written.
    if (event.event === 'sample' && this.control.stopped) return;
    if (this.#run.check?.compare(event)) this.#tellRepetition();
  }

  /** Tells how far the run has been equal to the one that it repeats. */
  #tellRepetition(): void {
    const { check } = this.#run;
    if (!check) return;
    this.#record = { ...this.#record, repetition: check.result };
    this.#emit({ event: 'repetition', ...check.result });
  }
}

/** End message, such as "Solved at step 900: accuracy of at least 0.99 on the validation sequences." */
function solvedMessage(step: number, criterion: Criterion, { units }: TaskDescription): Text {
  return phrase(
    'Solved at step {0}: {1} on the {2}.',
    step,
    describeCriterion(criterion, units),
    units.validationItems,
  );
}
