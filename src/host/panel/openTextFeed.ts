import type { Inspection } from '../../protocol/inspection.ts';
import type { OpenText, openTextHostContract, UnitChoice } from '../../protocol/openText.ts';
import type { Functions } from '../../protocol/rpc.ts';
import type { Disposable } from '../disposables.ts';
import type { Followed, FollowedText } from '../inspection/followed.ts';
import type { Inspectors } from '../inspection/inspectors.ts';
import { tokensOf } from '../../config/tasks.ts';
import { Debounced } from '../inspection/debounced.ts';
import { passageAt, isUnfit } from '../inspection/passage.ts';
import type { RowReader } from '../inspection/rowReader.ts';
import type { RunModel } from '../runs/runModel.ts';
import type { TabFeed } from './tabFeed.ts';
import { textOf } from '../../phrases/causes.ts';
import { say } from '../../phrases/phrase.ts';

/** Milliseconds without cursor movement before the text is read. */
export const SETTLE_MS = 150;
/** Minimum milliseconds between two readings while a run is training. */
export const REREAD_MS = 2000;
/** Number of predicted tokens to show. */
const TOP = 5;
const TOKENS_AT_FIRST = 100;

export interface OpenTextOptions {
  readonly send: (openText: OpenText) => void;
  readonly followed: Followed;
  readonly inspectors: Pick<Inspectors, 'ask'>;
  readonly rows: RowReader;
  /** Finds a text for a run while no editor shows one. */
  readonly hidden?: (run: RunModel) => Promise<FollowedText | undefined>;
  /** Commands behind the buttons of the page. */
  readonly commands: {
    colorByUnit(run: RunModel, unit: UnitChoice): Promise<void>;
    colorBySurprisal(run: RunModel): Promise<void>;
    findFirings(run: RunModel, unit: UnitChoice): Promise<void>;
    train(): Promise<void>;
  };
  readonly messages: OpenTextMessages;
}

/** Localized messages of the feed. */
export interface OpenTextMessages {
  readonly noText: string;
  readonly empty: (name: string) => string;
  /** @param share fraction of characters that are not in the vocabulary, from 0 to 1 */
  readonly unfit: (name: string, run: string, share: number) => string;
}

/** A text read by the run's model, and its place in the document. */
interface Reading {
  readonly text: FollowedText;
  readonly inspection: Inspection;
  /** Offset of each token in the document. */
  readonly offsets: readonly number[];
}

/** Feeds the tabs "Gates", "Explain" and "Text" with the run's model on the text around the cursor. */
export class OpenTextFeed implements TabFeed {
  readonly #options: OpenTextOptions;
  readonly #reader: Debounced<OpenText>;
  #run: RunModel | undefined;
  #tokens = TOKENS_AT_FIRST;
  #following: Disposable | undefined;
  #reading: Reading | undefined;
  #readAt = -Infinity;
  /** Step of the run at the last reading. */
  #readStep = -1;

  constructor(options: OpenTextOptions) {
    this.#options = options;
    this.#reader = new Debounced({
      delay: SETTLE_MS,
      work: () => this.#read(),
      done: (openText) => this.#show(openText),
      failed: (error) => this.#show(this.#unread(say(textOf(error)))),
    });
  }

  restart(run: RunModel | undefined): void {
    this.pause();
    this.#run = run;
    this.#reading = undefined;
  }

  send(run: RunModel): void {
    if (!this.#following) {
      this.#following = this.#options.followed.onDidMove(() => this.#reader.request());
      this.#ask();
    } else if (run.step !== this.#readStep && performance.now() - this.#readAt > REREAD_MS) {
      this.#ask();
    }
  }

  pause(): void {
    this.#following?.dispose();
    this.#following = undefined;
    this.#reader.cancel();
  }

  /** Functions for the page. */
  functions(): Functions<typeof openTextHostContract> {
    const { inspectors, commands } = this.#options;
    return {
      readTokens: (count) => {
        const changed = count !== this.#tokens;
        this.#tokens = count;
        if (changed && this.#following) this.#ask();
      },
      activationMap: async (request) => inspectors.ask(this.#shown(), (inspector) => inspector.activationMap(request)),
      unitTraces: async (request) => inspectors.ask(this.#shown(), (inspector) => inspector.unitTraces(request)),
      connectivity: async (request) => inspectors.ask(this.#shown(), (inspector) => inspector.connectivity(request)),
      explainStep: async (request) => inspectors.ask(this.#shown(), (inspector) => inspector.explainStep(request)),
      explainGradient: async (request) =>
        inspectors.ask(this.#shown(), (inspector) => inspector.explainGradient(request)),
      goToToken: async (token) => {
        const offset = this.#reading?.offsets[token];
        if (offset !== undefined) await this.#reading?.text.goTo(offset);
      },
      colorByUnit: async (unit) => this.#inEditor(() => commands.colorByUnit(this.#shown(), unit)),
      colorBySurprisal: async () => this.#inEditor(() => commands.colorBySurprisal(this.#shown())),
      findFirings: async (unit) => this.#inEditor(() => commands.findFirings(this.#shown(), unit)),
      trainOpenText: async () => commands.train(),
    };
  }

  /** Runs a command on the text that was read, which an editor has to show. */
  async #inEditor(command: () => Promise<void>): Promise<void> {
    const text = this.#reading?.text;
    if (text?.elsewhere !== undefined) await text.goTo(text.cursor);
    await command();
  }

  #shown(): RunModel {
    if (!this.#run) throw new Error('The panel shows no run.');
    return this.#run;
  }

  #ask(): void {
    this.#readStep = this.#run?.step ?? -1;
    // One request at a time is enough.
    this.#readAt = Infinity;
    this.#reader.request();
  }

  #show(openText: OpenText): void {
    this.#readAt = performance.now();
    this.#options.send(openText);
  }

  async #read(): Promise<OpenText> {
    const { followed, hidden, inspectors, rows, messages } = this.#options;
    const run = this.#shown();
    if (run.view.logged) return this.#readLogged(run);
    const text = followed.current ?? (await hidden?.(run));
    if (!text) return this.#unread(messages.noText);
    if (text.source.length === 0) return this.#unread(messages.empty(text.name));
    const { passage, inspection } = await inspectors.ask(run, async (inspector) => {
      const passage = await passageAt(text, { config: run.config, inspector, rows, tokens: this.#tokens });
      return {
        passage,
        inspection: await inspector.inspect({
          reader: `panel ${run.id}`,
          text: passage.text,
          from: passage.from,
          top: TOP,
        }),
      };
    });
    const { tokens, unknown } = inspection;
    if (isUnfit(unknown.length, tokens.length))
      return this.#unread(messages.unfit(text.name, run.view.name, unknown.length / tokens.length));
    const offsets = passage.sourceOffsets(inspection.offsets);
    this.#reading = { text, inspection, offsets };
    return {
      state: 'read',
      name: text.name,
      elsewhere: text.elsewhere,
      row: passage.row,
      tokenKind: tokensOf(run.config.task),
      cursor: tokenAt(offsets, text.cursor),
      inspection,
    };
  }

  /** The text of the last probe of a run that another program logs, whose model is not here to read another one. */
  async #readLogged(run: RunModel): Promise<OpenText> {
    const inspection = await this.#options.inspectors.ask(run, async (inspector) => inspector.readLogged());
    this.#reading = undefined;
    return {
      state: 'read',
      name: run.view.name,
      elsewhere: 'logged',
      row: null,
      tokenKind: tokensOf(run.config.task),
      cursor: inspection.tokens.length - 1,
      inspection,
    };
  }

  #unread(reason: string): OpenText {
    return { state: 'unread', reason, trainable: this.#options.followed.current?.name ?? null };
  }
}

/** Index of the last token that begins at or before an offset; 0 if all begin after it. */
function tokenAt(offsets: readonly number[], offset: number): number {
  return Math.max(
    0,
    offsets.findLastIndex((each) => each <= offset),
  );
}
