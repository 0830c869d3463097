import type { RemoteCourseHost } from '../../src/protocol/course.ts';
import type { LessonOutcome, LessonRunView } from '../../src/protocol/lessons/runs.ts';
import type { ChangingChart } from '../charts/changingChart.ts';
import type { Mark, Reference } from '../charts/spec.ts';
import type { BlockContext } from '../panel/results/blockList.ts';

/** Lines of a chart besides its curves. */
interface ChartLines {
  readonly references?: () => readonly Reference[];
  readonly marks?: () => readonly Mark[];
}

/** Services that the page provides to the body of a lesson. */
export interface LessonContext extends BlockContext {
  readonly host: RemoteCourseHost;
  /** Input that the lesson has stored, before a reload of the window or now; undefined before the first time. */
  readonly stored: unknown;
  /** Stores the input of the lesson across reloads of the window. It must be JSON. */
  store(input: unknown): void;
  /** Sets the sentences under "What you see", which state the numbers of this run. */
  see(sentences: readonly string[]): void;
  /** Shows whether the lesson waits for a result. */
  working(isWorking: boolean): void;
  /** Shows an error that the user can correct, or hides it if the message is empty. */
  problem(message: string): void;
  /**
   * Creates a chart that keeps the user's settings.
   * @param empty message while it has no points
   * @param lines returns horizontal and vertical lines to draw
   */
  chart(empty: string, lines?: ChartLines): ChangingChart;
}

/**
 * Body of a lesson: what its page shows between the claim and the navigation. It is created when the lesson is opened
 * for the first time, and kept.
 */
export interface LessonBody {
  /** Controls above the figures: inputs, and the button that runs the lesson. */
  readonly controls: HTMLElement;
  /** Charts, tables and drawings in which the claim is seen. */
  readonly figures: HTMLElement;
  /** Controls under "Change it", which suggest what to try next. */
  readonly change: HTMLElement;
  /** The lesson is on screen, for the first time or again. */
  appear(): void;
  /** The lesson has left the screen. */
  disappear?(): void;
  /** Takes sentences that were selected in an editor. */
  takeTexts?(texts: readonly string[]): void;
  /** Takes the runs of the lesson, which it follows, and how runs with all seeds have ended. */
  takeRuns?(runs: readonly LessonRunView[], outcomes: readonly LessonOutcome[]): void;
}

export type MakeBody = (context: LessonContext) => LessonBody;
