import type { Range } from './scale.ts';

/** The colors of VS Code's charts, by the name in `--vscode-charts-*`. */
export type ColorName = 'blue' | 'orange' | 'purple' | 'green' | 'yellow' | 'red';

/** A curve that a chart can draw. */
export interface LineSpec {
  /** Name of the series that holds its points. */
  readonly key: string;
  readonly label: string;
  readonly color: ColorName;
  /** Lengths of strokes and gaps, so that curves can be told apart without color; empty is a full line. */
  readonly dash: readonly number[];
  /** Whether its values are noisy enough for the smoothing to apply. */
  readonly smoothable: boolean;
}

/** What the user sets on a chart. It is remembered with the panel's state. */
export interface ChartSettings {
  readonly logarithmic: boolean;
  /** Time constant of the smoothing in steps; 0 draws the points as they are. */
  readonly smoothing: number;
  /** What the y axis shows: the bulk of the values, all of them, or a part the user zoomed to. */
  readonly range: 'fit' | 'full' | Range;
  /** Whether the table of points is open. */
  readonly table: boolean;
}

/** A kind of chart, before it has any points. */
export interface ChartSpec {
  readonly id: string;
  readonly title: string;
  /** What the picture shows and how to read it, in a sentence; left out where the title says it all. */
  readonly about?: string;
  /** What x counts: steps of training, time steps back from the last, tokens of a text, or seconds of training. */
  readonly xName: 'step' | 'lag' | 'token' | 'second';
  /** Unit of the y axis in words; empty for a plain number. */
  readonly unit: string;
  readonly lines: readonly LineSpec[];
  readonly defaults: ChartSettings;
  /** A value of the y axis with its unit, for the reading under the pointer. */
  readonly describe: (value: number) => string;
}

/** A horizontal line to compare the curves with. */
export interface Reference {
  readonly label: string;
  readonly value: number;
}

/** A vertical line: something happens at this x. */
export interface Mark {
  readonly label: string;
  readonly x: number;
}
