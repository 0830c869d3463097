/** Environment variable with the `SoakOptions`. */
export const SOAK_VARIABLE = 'SEQUENCE_LAB_SOAK';

export interface SoakOptions {
  /** Time to go on for; undefined: until the numbers of panels and runs are reached. */
  readonly minutes?: number | undefined;
  readonly panels: number;
  readonly runs: number;
  /** File for the `SoakResult`. */
  readonly result: string;
}

/** What the extension host and the trainer of a run that goes on all the time occupy. */
export interface SoakFigures {
  /** Bytes. */
  readonly hostHeap: number;
  readonly hostExternal: number;
  readonly hostMemory: number;
  readonly hostFiles: number;
  readonly hostThreads: number;
  /** Timers, sockets and other resources that keep the process alive. */
  readonly hostResources: number;
  /** Bytes. */
  readonly trainerMemory: number;
  readonly trainerFiles: number;
  readonly trainerThreads: number;
}

export interface SoakResult {
  readonly before: SoakFigures;
  readonly after: SoakFigures;
  /** Files and sockets of the extension host that were not open at the start. */
  readonly openedFiles: readonly string[];
  readonly panels: number;
  readonly runs: number;
  /** Steps of the run that goes on all the time. */
  readonly steps: number;
  readonly minutes: number;
}
