import { connect, type Port, type Remote } from '../protocol/rpc.ts';
import type { GeneratedText } from '../protocol/generation.ts';
import { type GenerateRequest, ownerContract, trainerContract, type TrainerFunctions } from '../protocol/trainer.ts';
import { compareReadings } from './checkpoints/compareReadings.ts';
import { compareWeights } from './checkpoints/compareWeights.ts';
import { lessonFunctions } from './course/lessonFunctions.ts';
import { evaluate } from './evaluate.ts';
import { exportModel } from './exportModel.ts';
import { exportPortable } from './portable/exportPortable.ts';
import { importRun, recognizeModel } from './portable/importRun.ts';
import { npzOfPassage } from './npzOfPassage.ts';
import { restoreModel } from './restore.ts';
import { generate } from './generate.ts';
import type { Inspector } from './inspector/inspector.ts';
import { inspectData } from './inspectData.ts';
import { listBackends } from './listBackends.ts';
import { LoggedRun } from './loggedRun.ts';
import { OpenedRun } from './openedRun.ts';
import { type EventSink, Session } from './session.ts';
import type { RunEvent } from '../protocol/events.ts';
import { readRecord } from '../runs/record.ts';
import { storedText } from '../data/storedText.ts';
import { yieldToEventLoop } from '../platform/system.ts';
import { textOf } from '../phrases/causes.ts';
import { phrase, PhrasedError } from '../phrases/phrase.ts';

/** Interval in milliseconds during which step events are collected; small models take thousands of steps per second. */
const GATHER_MS = 50;

const WINDOW_CLOSED = phrase('The window was closed while this run was training.');
const OWNER_ENDED = phrase('VS Code or the session of the user ended while this run was training.');

/**
 * Serves the trainer's contract on a port: at most one run at a time, texts written by stored models, and queries about
 * models. It depends on the port only, so a worker thread, a child process and a test use the same code.
 */
export class TrainerServer {
  readonly #owner: Remote<typeof ownerContract>;
  readonly #batch: EventBatch;
  /** Set from the call that starts a run until the run has ended, so that a second call is refused meanwhile. */
  #isBusy = false;
  #session: Session | undefined;
  #training: Promise<void> | undefined;
  #opened: OpenedRun | LoggedRun | undefined;
  #generation: AbortController | undefined;

  constructor(port: Port) {
    this.#owner = connect({
      port,
      serves: trainerContract,
      functions: this.#functions(),
      calls: ownerContract,
      onError: (error) => {
        throw error;
      },
    }).remote;
    this.#batch = new EventBatch((events) => void this.#owner.events(events));
  }

  /** Ends a run in training with a checkpoint. Resolves when it has ended. */
  async end(): Promise<void> {
    this.#session?.control.interrupt(OWNER_ENDED);
    await this.#training;
  }

  #functions(): TrainerFunctions {
    return {
      start: (request) => this.#begin((emit) => Session.start(request, emit)),
      repeat: (request) => this.#begin((emit) => Session.repeat(request, emit)),
      resume: (request) => this.#begin((emit) => Session.resume(request, emit)),
      pause: () => this.#running.control.pause(),
      unpause: () => this.#running.control.unpause(),
      stop: () => this.#running.control.stop(),
      interrupt: () => this.#running.control.interrupt(WINDOW_CLOSED),
      sample: (sampling) => this.#running.control.requestSample(sampling),
      generate: (request) => this.#generate(request),
      evaluate: async ({ folder, path, backends, ...columns }) => {
        const { measures, summary, skipped } = await evaluate(folder, path, columns, backends);
        return { measures, summary, skipped: [...skipped] };
      },
      cancelGeneration: () => this.#generation?.abort(),
      openRun: (request) => this.#openRun(request),
      probe: (request) => this.#inspector.probe(request),
      inspect: (request) => this.#inspector.inspect(request),
      readLogged: () => this.#inspector.readLogged(),
      activationMap: (request) => this.#inspector.activationMap(request),
      unitRoles: (request) => this.#inspector.unitRoles(request),
      unitTraces: (request) => this.#inspector.unitTraces(request),
      connectivity: (request) => this.#inspector.connectivity(request),
      explainStep: (request) => this.#inspector.explainStep(request),
      explainGradient: (request) => this.#inspector.explainGradient(request),
      course: (request) => this.#inspector.course(request),
      firings: (request) => this.#inspector.firings(request),
      describeWriter: () => this.#inspector.describeWriter(),
      beginGeneration: (request) => this.#inspector.beginGeneration(request),
      nextGenerated: (id) => this.#inspector.nextGenerated(id),
      cancelGenerated: (id) => this.#inspector.cancelGenerated(id),
      openRows: (request) => this.#inspector.openRows(request),
      rowAt: (request) => this.#inspector.rowAt(request),
      inspectData: async (request) => inspectData(request, (share) => void this.#owner.inspected(share)),
      storedText: async ({ source, most }) => (await storedText(source, most)) ?? null,
      ...lessonFunctions,
      compareWeights,
      compareReadings,
      exportModel,
      recognizeModel,
      async importModel(request) {
        const { folder, record } = await importRun(request, new Date());
        return { folder, id: record.id };
      },
      exportPortable: async (request) => exportPortable(request),
      restoreModel: async (request) => restoreModel(request),
      passageArrays: async (request) => npzOfPassage(request),
      listBackends,
    };
  }

  /** Starts training after the caller has its answer. The end of the run, or its failure, is sent as an event. */
  async #begin(open: (emit: EventSink) => Promise<Session>): Promise<{ run: string; folder: string }> {
    if (this.#isBusy)
      throw new PhrasedError(phrase('This trainer already trains a run; start another trainer for a second one.'));
    this.#isBusy = true;
    try {
      const session = await open((event) => this.#batch.add(event));
      this.#session = session;
      this.#training = yieldToEventLoop().then(async () => this.#train(session));
      return { run: session.id, folder: session.folder };
    } catch (error) {
      this.#isBusy = false;
      throw error;
    }
  }

  async #train(session: Session): Promise<void> {
    try {
      await session.train();
    } catch (error) {
      await this.#owner.failed({ message: textOf(error) });
    } finally {
      this.#batch.flush();
      this.#session = undefined;
      this.#isBusy = false;
    }
  }

  /** Rejects a second generation until this one ends, because the pieces of the two could not be distinguished. */
  async #generate(request: GenerateRequest): Promise<GeneratedText[]> {
    if (this.#generation)
      throw new PhrasedError(phrase('This trainer already writes a text; wait for its end, or cancel it.'));
    this.#generation = new AbortController();
    try {
      return await generate(request, (piece) => void this.#owner.generated(piece), this.#generation.signal);
    } finally {
      this.#generation = undefined;
    }
  }

  async #openRun({ folder, backends }: Parameters<TrainerFunctions['openRun']>[0]): Promise<void> {
    if (this.#isBusy)
      throw new PhrasedError(
        phrase('This trainer trains a run; ask about its model, or start another trainer for a stored one.'),
      );
    const { logged } = await readRecord(folder);
    const run = logged ? new LoggedRun(folder) : await OpenedRun.open(folder, backends);
    this.#opened?.dispose();
    this.#opened = run;
  }

  get #running(): Session {
    if (!this.#session) throw new PhrasedError(phrase('No run is being trained.'));
    return this.#session;
  }

  get #inspector(): Inspector {
    const inspector = this.#session?.inspector ?? this.#opened?.inspector;
    if (!inspector) throw new PhrasedError(phrase('No run is being trained here, and none has been opened.'));
    return inspector;
  }
}

/** Batches events into messages. Any event except a step is sent immediately, with the steps before it. */
class EventBatch {
  readonly #send: (events: RunEvent[]) => void;
  #gathered: RunEvent[] = [];
  #sentAt = 0;

  constructor(send: (events: RunEvent[]) => void) {
    this.#send = send;
  }

  add(event: RunEvent): void {
    this.#gathered.push(event);
    if (event.event !== 'step' || performance.now() - this.#sentAt >= GATHER_MS) this.flush();
  }

  flush(): void {
    if (this.#gathered.length === 0) return;
    this.#send(this.#gathered);
    this.#gathered = [];
    this.#sentAt = performance.now();
  }
}
