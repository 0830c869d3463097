import type { GenerationPart, GenerationRequest } from '../../protocol/generation.ts';
import type { GenerationChange, generateTabHostContract } from '../../protocol/generateTab.ts';
import type { RemoteInspector } from '../../protocol/inspector.ts';
import type { Functions } from '../../protocol/rpc.ts';
import type { Inspectors } from '../inspection/inspectors.ts';
import type { RunModel } from '../runs/runModel.ts';
import type { TabFeed } from './tabFeed.ts';
import { textOf } from '../../phrases/causes.ts';
import { say } from '../../phrases/phrase.ts';

export interface GenerateFeedOptions {
  readonly send: (change: GenerationChange) => void;
  readonly inspectors: Pick<Inspectors, 'ask'>;
  /** Whether a run is training in this window. */
  readonly isTraining: (run: RunModel) => boolean;
  /** Receives errors of canceling a text. */
  readonly onError: (error: unknown) => void;
}

/** The text of the tab, which is kept while the page is hidden. */
interface Text extends Omit<GenerationChange, 'from' | 'pieces'> {
  readonly run: RunModel;
  readonly pieces: GenerationPart['pieces'];
  isCanceled: boolean;
  /** Ends the text at the model; absent before it begins. */
  cancel?: () => Promise<void>;
}

/**
 * Feeds the tab "Generate". The text is fetched from the trainer part by part, and goes on while another tab is visible.
 */
export class GenerateFeed implements TabFeed {
  readonly #options: GenerateFeedOptions;
  #run: RunModel | undefined;
  #text: Text | undefined;
  #lastId = 0;
  #isVisible = false;
  /** What the page has: the text, the number of its pieces, and its state. */
  #sent: { readonly id: number; readonly pieces: number; readonly state: Text['state'] } | undefined;

  constructor(options: GenerateFeedOptions) {
    this.#options = options;
  }

  restart(run: RunModel | undefined): void {
    if (run?.id !== this.#run?.id) {
      this.cancel();
      this.#text = undefined;
    }
    this.#run = run;
    this.#sent = undefined;
  }

  send(): void {
    this.#isVisible = true;
    this.#update();
  }

  pause(): void {
    this.#isVisible = false;
  }

  /** Ends the text early: the user has stopped it, has begun another one, or has closed the page. */
  cancel(): void {
    const text = this.#text;
    if (!text || text.isCanceled || isOver(text)) return;
    text.isCanceled = true;
    text.cancel?.().catch(this.#options.onError);
  }

  /** Functions for the page. */
  functions(): Functions<typeof generateTabHostContract> {
    const { inspectors } = this.#options;
    return {
      describeWriter: async () => inspectors.ask(this.#shown(), (inspector) => inspector.describeWriter()),
      generate: (request) => this.#begin(request),
      stopGenerating: () => this.cancel(),
    };
  }

  #shown(): RunModel {
    if (!this.#run) throw new Error('The panel shows no run.');
    return this.#run;
  }

  #begin(request: GenerationRequest): void {
    const run = this.#shown();
    this.cancel();
    const text: Text = {
      run,
      id: ++this.#lastId,
      request,
      state: 'opening',
      trainingWaits: this.#options.isTraining(run),
      begun: null,
      pieces: [],
      beam: [],
      message: null,
      isCanceled: false,
    };
    this.#text = text;
    this.#update();
    void this.#write(text);
  }

  async #write(text: Text): Promise<void> {
    try {
      await this.#options.inspectors.ask(text.run, async (inspector) => this.#read(text, inspector));
    } catch (error) {
      text.state = 'failed';
      text.message = say(textOf(error));
    }
    if (text === this.#text) this.#update();
  }

  /** Fetches a text until its end. */
  async #read(text: Text, inspector: RemoteInspector): Promise<void> {
    // It may have been canceled while the model was opened.
    if (text.isCanceled) return void (text.state = 'canceled');
    const { id, ...begun } = await inspector.beginGeneration(text.request);
    text.begun = begun;
    text.state = 'writing';
    text.cancel = async () => inspector.cancelGenerated(id);
    if (text.isCanceled) await text.cancel();
    while (!isOver(text)) {
      const { pieces, end } = await inspector.nextGenerated(id);
      text.pieces.push(...pieces);
      if (end) {
        text.state = end.reason;
        text.beam = end.beam;
      } else if (text === this.#text) this.#update();
    }
  }

  /** Sends what the page does not have. */
  #update(): void {
    const text = this.#text;
    if (!text || !this.#isVisible) return;
    const from = this.#sent?.id === text.id ? this.#sent.pieces : 0;
    const isNew = this.#sent?.id !== text.id || this.#sent.state !== text.state;
    if (!isNew && from === text.pieces.length) return;
    const { id, request, state, trainingWaits, begun, beam, message } = text;
    this.#options.send({
      id,
      request,
      state,
      trainingWaits,
      begun,
      beam,
      message,
      from,
      pieces: text.pieces.slice(from),
    });
    this.#sent = { id, pieces: text.pieces.length, state };
  }
}

function isOver({ state }: Text): boolean {
  return state !== 'opening' && state !== 'writing';
}
