import type { Port } from '../protocol/rpc.ts';
import { connect } from '../protocol/rpc.ts';
import { ownerContract, trainerContract, type TrainerFunctions } from '../protocol/trainer.ts';
import { OpenClassifier } from './classifier.ts';
import { workLesson } from './course/lesson.ts';
import { EventBatch } from './eventBatch.ts';
import { generate } from './generate.ts';
import type { Inspector } from './inspector/inspector.ts';
import { inspectData } from './inspectData.ts';
import { listBackends } from './listBackends.ts';
import { OpenedRun } from './openedRun.ts';
import { type EventSink, Session } from './session.ts';

/**
 * Serves the trainer's contract on a port: at most one run, texts written by stored models, and questions about models.
 * It never sees what lies behind the port, so it serves a Worker, a child process and a test alike.
 */
export function serveTrainer(port: Port): void {
  let session: Session | undefined;
  let opened: OpenedRun | undefined;
  let writing: AbortController | undefined;
  const classifier = new OpenClassifier();
  const batch = new EventBatch((events) => {
    void owner.events(events);
  });

  /** Starts training once the answer to the caller is on its way; how it ends travels as an event. */
  const begin = async (open: (emit: EventSink) => Promise<Session>) => {
    if (session) throw new Error('This trainer already trains a run; start another trainer for a second one.');
    const opened = await open((event) => batch.add(event));
    session = opened;
    setImmediate(() => {
      opened
        .train()
        .catch((error: unknown) => owner.failed({ message: error instanceof Error ? error.message : String(error) }))
        .finally(() => {
          batch.flush();
          session = undefined;
        });
    });
    return { run: opened.id, folder: opened.folder };
  };

  const running = (): Session => {
    if (!session) throw new Error('No run is being trained.');
    return session;
  };

  const asked = (): Inspector => {
    const inspector = session?.inspector ?? opened?.inspector;
    if (!inspector) throw new Error('No run is being trained here, and none has been opened.');
    return inspector;
  };

  const functions: TrainerFunctions = {
    start: (request) => begin((emit) => Session.start(request, emit)),
    resume: (request) => begin((emit) => Session.resume(request, emit)),
    pause: () => running().control.pause(),
    unpause: () => running().control.unpause(),
    stop: () => running().control.stop(),
    sample: (sampling) => running().control.requestSample(sampling),
    async generate(request) {
      writing = new AbortController();
      return generate(request, (piece) => void owner.generated(piece), writing.signal);
    },
    cancelGeneration: () => writing?.abort(),
    async openRun({ folder, backends }) {
      if (session)
        throw new Error('This trainer trains a run; ask about its model, or start another trainer for a stored one.');
      const run = await OpenedRun.open(folder, backends);
      opened?.dispose();
      opened = run;
    },
    probe: (request) => asked().probe(request),
    inspect: (request) => asked().inspect(request),
    activationMap: (request) => asked().activationMap(request),
    unitTraces: (request) => asked().unitTraces(request),
    connectivity: (request) => asked().connectivity(request),
    course: (request) => asked().course(request),
    firings: (request) => asked().firings(request),
    openRows: (request) => asked().openRows(request),
    rowAt: (request) => asked().rowAt(request),
    openClassifier: (request) => classifier.open(request),
    explain: (text) => classifier.explain(text),
    openTable: (source) => classifier.openTable(source),
    classifyRows: (request) => classifier.classifyRows(request),
    cancelClassification: () => classifier.cancel(),
    inspectData,
    lesson: workLesson,
    listBackends,
  };

  const { remote: owner } = connect({
    port,
    serves: trainerContract,
    functions,
    calls: ownerContract,
    onError: (error) => {
      throw error;
    },
  });
}
