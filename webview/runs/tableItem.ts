import type { RunRow } from '../../src/protocol/runRow.ts';

/** Cell of a group: the mean of its runs, with their spread. */
export interface GroupCell {
  readonly text: string;
  readonly title: string;
}

/** Heading of a group of runs. */
export interface GroupItem {
  readonly kind: 'group';
  /** Different from the ids of all runs. */
  readonly id: string;
  readonly label: string;
  readonly count: number;
  readonly isFolded: boolean;
  readonly cells: Readonly<Record<string, GroupCell>>;
}

export interface RunItem {
  readonly kind: 'run';
  readonly id: string;
  readonly row: RunRow;
  /** Id of its group; null outside of groups. */
  readonly group: string | null;
}

/** Row of the table. */
export type TableItem = GroupItem | RunItem;
