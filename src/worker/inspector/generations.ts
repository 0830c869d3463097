import { yieldToEventLoop } from '../../platform/system.ts';
import { measured } from '../../probes/numbers.ts';
import {
  type BegunGeneration,
  CANDIDATES,
  type DrawnToken,
  type GeneratedPiece,
  type GenerationPart,
  type GenerationRequest,
} from '../../protocol/generation.ts';
import { Generator } from '../../random/generator.ts';
import { describeDraw, type Draw, type DrawingRule } from '../../training/drawing.ts';
import type { TextWriter } from '../../training/textWriter.ts';
import type { Ask } from './questions.ts';
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

  /** Resolves when the model begins to write. */
  async begin(request: GenerationRequest): Promise<BegunGeneration> {
    const writer = this.#writing.writer();
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
    const { seed, beam, prompt, topK } = request;
    const { kind } = writer.form;
    const rule = { temperature: kind === 'converts' ? 0 : request.temperature, topK, unwritten: writer.unwritten };
    const isOver = () => this.#isCanceled || isStopping();
    for await (const { text, draw } of writer.write({
      ...request,
      generator: Generator.forPurpose(seed, 'generate'),
    })) {
      this.#pieces.push({ text, drawn: draw && describe(draw, writer.tokens, rule) });
      this.#wake();
      await yieldToEventLoop();
      if (isOver()) return this.#finish('canceled');
    }
    const texts = beam > 1 && writer.beam ? await writer.beam(prompt, beam) : [];
    this.#finish(
      'complete',
      texts.map((each) => ({ ...each })),
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

/** A drawn token for a message. @throws Error if the output of the model is not finite */
function describe(draw: Draw, tokens: readonly string[], rule: DrawingRule): DrawnToken {
  const { top, surprisal, ...drawn } = describeDraw(draw, tokens, rule, CANDIDATES);
  if (Number.isNaN(surprisal))
    throw new PhrasedError(phrase('The output of the model is not a number, so it cannot write a text.'));
  return { ...drawn, surprisal: measured(surprisal), top: [...top] };
}
