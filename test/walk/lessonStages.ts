import type { LessonId } from '../../src/protocol/lessons/lessons.ts';

/** A click that trains runs of a lesson, and what to wait for. */
interface Click {
  /** Selects the part of the page with the buttons "Run" and "Stop". */
  readonly in: string;
  /** Waits until the runs have ended; otherwise for the first result, and then stops them. */
  readonly toTheEnd: boolean;
  /** Selects the first result; needed if the click does not wait for the end. */
  readonly result?: string;
}

/** What a visitor does in a lesson and then sees. */
interface LessonStage {
  readonly clicks: readonly Click[];
  /** Selectors of tables and drawings. The charts are checked in every lesson. */
  readonly shows: readonly string[];
  /** Number of charts. */
  readonly charts: number;
}

const run: Click = { in: '.runs-controls', toTheEnd: true };
/** Shapes train for 15 to 30 seconds each, so the first answers have to do. */
const shape = (key: string): Click => ({
  in: `[data-shape=${key}]`,
  toTheEnd: false,
  result: `[data-shape=${key}] tbody td`,
});
const GRID = '.number-grid td';

/** The course, lesson by lesson. */
export const lessonStages: Readonly<Record<LessonId, LessonStage>> = {
  bagOfWords: { clicks: [], shows: [GRID], charts: 1 },
  hmm: { clicks: [], shows: ['.trellis .node', GRID, '.hmm-tables input'], charts: 0 },
  padding: { clicks: [], shows: [GRID], charts: 0 },
  order: { clicks: [], shows: [GRID], charts: 0 },
  recurrence: { clicks: [run], shows: ['svg.network'], charts: 1 },
  shapes: {
    clicks: ['oneToMany', 'manyToOne', 'direct', 'delayed'].map(shape),
    shows: ['[data-shape] svg.network'],
    charts: 0,
  },
  construction: { clicks: [run], shows: ['.flow-verdict'], charts: 3 },
  clipping: { clicks: [run], shows: [GRID], charts: 2 },
  truncation: { clicks: [run], shows: [], charts: 3 },
  cells: {
    clicks: [
      run,
      // The three runs on the text take a minute.
      {
        in: 'section:has([data-chart="cells.textLoss"])',
        toTheEnd: false,
        result: '[data-chart="cells.textLoss"]:not(.no-points)',
      },
    ],
    shows: [],
    charts: 4,
  },
  pipeline: { clicks: [], shows: [GRID, '.number-table input'], charts: 0 },
  layer: { clicks: [], shows: ['[data-tensor]', 'table td'], charts: 0 },
};
