import type { TermId } from '../../src/protocol/glossary/terms.ts';
import type { RunColor } from '../../src/protocol/runColor.ts';
import type { Points } from './points.ts';
import type { Range } from './scale.ts';

/** VS Code chart colors, named as in `--vscode-charts-*`. */
export type ColorName = 'blue' | 'orange' | 'purple' | 'green' | 'yellow' | 'red';

/** Color of a curve: one of the theme, or the color of a run. */
export type LineColor = ColorName | RunColor;

/** A curve of a chart. */
export interface LineSpec {
  /** Key of the series that holds its points. */
  readonly key: string;
  readonly label: string;
  readonly color: LineColor;
  /** Lengths of dashes and gaps, which distinguish curves without color; empty for a solid line. */
  readonly dash: readonly number[];
  /** True if the smoothing applies, because the values are noisy. */
  readonly smoothable: boolean;
  /**
   * False for a line without a dot at each of a few points, "only" for larger dots without a line; omitted for the
   * others.
   */
  readonly dots?: false | 'only';
}

/** Settings of a chart that the user can change. They are stored with the state of the page. */
export interface ChartSettings {
  readonly logarithmic: boolean;
  /** Time constant of the smoothing in steps; 0 for no smoothing. */
  readonly smoothing: number;
  /** Range of the y axis: without spikes, all values, or a range that the user zoomed to. */
  readonly range: 'fit' | 'full' | Range;
  /** True if the table of points is open. */
  readonly table: boolean;
}

/** Definition of a chart, without its points. */
export interface ChartSpec {
  readonly id: string;
  readonly title: string;
  /** Entry of the glossary that a button next to the title shows; omitted if the title names no quantity. */
  readonly term?: TermId;
  /** Sentence that explains the chart; omitted if the title is enough. */
  readonly about?: string;
  /**
   * Quantity on the x axis: training steps, time steps back from the last, tokens of a text, seconds of training, rows of
   * a series, time steps after the last that is known, places in a list of values, items that were read in training, or
   * training steps each of which has another learning rate.
   */
  readonly xName: 'step' | 'lag' | 'token' | 'second' | 'row' | 'steps ahead' | 'index' | 'item' | 'rate';
  /** Text of an x, such as the date of a row; omitted to show the number. */
  readonly describeX?: (x: number) => string;
  /** Places of the grid lines of the x axis, in order; omitted for round numbers. */
  readonly xPlaces?: readonly number[];
  /** True if the x axis begins at the first point; omitted for one that begins at 0. */
  readonly xFits?: true;
  /** Unit of the y axis; empty for a plain number. */
  readonly unit: string;
  readonly lines: readonly LineSpec[];
  /** Areas between two of the lines, by their keys; omitted if there are none. */
  readonly bands?: readonly { readonly low: string; readonly high: string; readonly color: LineColor }[];
  readonly defaults: ChartSettings;
  /** Formats a value of the y axis with its unit. */
  readonly describe: (value: number) => string;
}

/** A horizontal reference line. */
export interface Reference {
  readonly label: string;
  readonly value: number;
}

/** A vertical line that marks an x. */
export interface Mark {
  readonly label: string;
  readonly x: number;
}

/** A chart of a group with its reference lines. */
export interface LinkedChart {
  readonly spec: ChartSpec;
  readonly references: readonly Reference[];
  /** Its curves by key, if its lines have the same keys as those of other charts of the group. */
  readonly curves?: ReadonlyMap<string, Points>;
}
