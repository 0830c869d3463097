import type { BegunGeneration, GeneratedPiece, GenerationPart, GenerationRequest } from '../../protocol/generation.ts';
import type { TextWriter } from '../../training/textWriter.ts';
import { betweenTurns } from '../turns.ts';
import type { Ask } from './questions.ts';
import { checkRequest } from './checkRequest.ts';
import { describedPieces } from './writtenTexts.ts';
import { phrase, PhrasedError } from '../../phrases/phrase.ts';

/** Milliseconds during which the tokens of a text are collected into one part. */
const GATHER_MS = 50;

/** A run whose model writes. */
export interface Writing {
  /** Optimizer steps that the current model has taken. */
  readonly step: number;
  /** Whether the owner has stopped the run, which then must not wait for a text. */
  readonly stopping: boolean;
  /** @throws Error with the reason if the model does not write text */
  writer(): TextWriter;
}

/**
 * Texts that a model writes, one at a time: a new one cancels the one before. The reader fetches the parts, so that it
 * gets at most one every `GATHER_MS`.
 */
export class Generations {
  readonly #writing: Writing;
  readonly #ask: Ask;
  #current: { readonly id: number; readonly generation: Generation } | undefined;
  #lastId = 0;

  constructor(writing: Writing, ask: Ask) {
    this.#writing = writing;
    this.#ask = ask;
  }

  /**
   * Resolves when the model begins to write.
   * @throws ConfigError for fields that it does not use
   */
  async begin(request: GenerationRequest): Promise<BegunGeneration> {
    const writer = this.#writing.writer();
    checkRequest(writer.form, request);
    this.cancel();
    const [id, generation] = [++this.#lastId, new Generation()];
    this.#current = { id, generation };
    return new Promise((resolve, reject) => {
      this.#ask(async () => {
        resolve({ id, step: this.#writing.step, unknown: [...writer.unknown(request.prompt)] });
        await generation.run(writer, request, () => this.#writing.stopping);
      }).catch((error: unknown) => {
        generation.fail(error);
        reject(error instanceof Error ? error : new Error(String(error)));
      });
    });
  }

  /** @throws Error for a text that was replaced, or the error that ended it */
  async next(id: number): Promise<GenerationPart> {
    if (this.#current?.id !== id) throw new PhrasedError(phrase('This text was replaced by another one.'));
    return this.#current.generation.next();
  }

  /** Cancels a text, or the current one. */
  cancel(id = this.#current?.id): void {
    if (this.#current?.id === id) this.#current?.generation.cancel();
  }
}

/** One text: collects what is written until the reader fetches it. */
class Generation {
  #pieces: GeneratedPiece[] = [];
  #end: GenerationPart['end'] = null;
  #error: unknown;
  #isCanceled = false;
  #sentAt = 0;
  /** Resolves the reader that waits for a change. */
  #wake: () => void = () => undefined;

  /** Writes the text. @param isStopping true once the text must end early */
  async run(writer: TextWriter, request: GenerationRequest, isStopping: () => boolean): Promise<void> {
    const isOver = betweenTurns(() => this.#isCanceled || isStopping());
    for await (const piece of describedPieces(writer, request)) {
      this.#pieces.push(piece);
      this.#wake();
      if (await isOver()) return this.#finish('canceled');
    }
    const texts = request.beam > 1 ? await writer.beam?.({ ...request, width: request.beam, isOver }) : [];
    if (await isOver()) return this.#finish('canceled');
    this.#finish(
      'complete',
      (texts ?? []).map((each) => ({ ...each })),
    );
  }

  cancel(): void {
    this.#isCanceled = true;
  }

  fail(error: unknown): void {
    this.#error = error;
    this.#wake();
  }

  async next(): Promise<GenerationPart> {
    if (this.#pieces.length === 0 && !this.#isOver) await new Promise<void>((resolve) => (this.#wake = resolve));
    const wait = this.#sentAt + GATHER_MS - performance.now();
    if (!this.#isOver && wait > 0) await new Promise((resolve) => setTimeout(resolve, wait));
    if (this.#error !== undefined) throw this.#error;
    this.#sentAt = performance.now();
    return { pieces: this.#pieces.splice(0), end: this.#end };
  }

  get #isOver(): boolean {
    return this.#end !== null || this.#error !== undefined;
  }

  #finish(reason: 'complete' | 'canceled', beam: NonNullable<GenerationPart['end']>['beam'] = []): void {
    this.#end = { reason, beam };
    this.#wake();
  }
}
