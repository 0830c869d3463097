import { LatestOnly } from '../../latestOnly.ts';
import type { LessonContext } from '../lessonBody.ts';

/** The computation of a lesson in the trainer: its latest input is computed, stored and drawn. */
export class Computed<Input, Result> {
  readonly #context: LessonContext;
  readonly #requests: LatestOnly<Input>;
  #input: Input;
  #wasShown = false;

  /**
   * @param input the first input
   * @param draw draws a result; called once for each computed input
   */
  constructor(
    context: LessonContext,
    input: Input,
    compute: (input: Input) => Promise<Result>,
    draw: (result: Result, input: Input) => void,
  ) {
    this.#context = context;
    this.#input = input;
    this.#requests = new LatestOnly(
      async (wanted) => {
        context.working(true);
        try {
          const result = await compute(wanted);
          context.problem('');
          draw(result, wanted);
        } catch (error) {
          context.problem(error instanceof Error ? error.message : String(error));
        } finally {
          context.working(false);
        }
      },
      (a, b) => JSON.stringify(a) === JSON.stringify(b),
    );
  }

  get input(): Input {
    return this.#input;
  }

  /** Computes the input when the lesson appears for the first time. */
  appear(): void {
    if (this.#wasShown) return;
    this.#wasShown = true;
    this.#requests.request(this.#input);
  }

  /** Stores values that no computation depends on. */
  keep(changed: Partial<Input>): void {
    this.#input = { ...this.#input, ...changed };
    this.#context.store(this.#input);
  }

  /** Computes the input with other values in some of its fields, and stores it. */
  change(changed: Partial<Input>): void {
    this.keep(changed);
    this.#wasShown = true;
    this.#requests.request(this.#input);
  }
}
