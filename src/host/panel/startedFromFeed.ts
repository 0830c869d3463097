import type { StartedFrom } from '../../protocol/startedFrom.ts';
import type { RunModel } from '../runs/runModel.ts';

/** Tells the panel which run the shown run was started from. Sends only what differs from the last message. */
export class StartedFromFeed {
  readonly #find: (id: string) => RunModel | undefined;
  readonly #send: (from: StartedFrom | null) => void;
  #sent = '';

  /** @param find finds a run of the run store */
  constructor(find: (id: string) => RunModel | undefined, send: (from: StartedFrom | null) => void) {
    this.#find = find;
    this.#send = send;
  }

  /** The page is new and has received nothing. */
  restart(): void {
    this.#sent = '';
  }

  /** Sends the parent of a run, unless the page has it. */
  send(run: RunModel | undefined): void {
    const from = run?.parent ? this.#describe(run.parent) : null;
    const key = JSON.stringify([run?.id, from]);
    if (key !== this.#sent) this.#send(from);
    this.#sent = key;
  }

  #describe({ run, reason, changes }: NonNullable<RunModel['parent']>): StartedFrom {
    const view = this.#find(run)?.view;
    return { reason, changes, run: view ? { title: view.title } : null };
  }
}
