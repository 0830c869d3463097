import type { TokenSequence } from './tokenSequence.ts';

/** Tokens of one training step, `[timeSteps, batchSize]` in time-major order. */
export interface TrainingWindow {
  /** Step t of stream b is at `t * batchSize + b`. */
  readonly inputs: Int32Array;
  /** Token that follows each input in the text. */
  readonly targets: Int32Array;
  /** True if the streams restart, so that the state must be reset. */
  readonly startOfEpoch: boolean;
  /**
   * Number of steps at the end of the window whose targets are not in an earlier window: all of the first window,
   * `stride` of the others.
   */
  readonly newSteps: number;
  /** Present if the windows of the streams differ. */
  readonly streams?: StreamDifferences;
}

/** What differs between the streams of a window of documents. */
interface StreamDifferences {
  /** 1 for each stream whose state is carried on, 0 where a document begins. */
  readonly carried: Float32Array;
  /** 1 for each target that counts, 0 for padding and for targets of an earlier window. */
  readonly weights: Float32Array;
  /** Sum of the weights, at least 1. */
  readonly count: number;
}

/** A part of a text that a stream reads in a window. */
interface Stretch {
  readonly text: TokenSequence;
  /** Place of its first input. */
  readonly start: number;
  /** Number of inputs. */
  readonly steps: number;
}

/**
 * Writes a stretch of a text into a stream of a window: each token as an input, and the token after it as its target.
 * @param buffer room for `steps + 1` tokens
 */
export function fillStream(
  { inputs, targets }: Pick<TrainingWindow, 'inputs' | 'targets'>,
  { stream, batch }: { readonly stream: number; readonly batch: number },
  { text, start, steps }: Stretch,
  buffer: Int32Array = new Int32Array(steps + 1),
): void {
  text.copyTo(buffer, 0, start, steps + 1);
  for (let t = 0; t < steps; t++) {
    inputs[t * batch + stream] = buffer[t]!;
    targets[t * batch + stream] = buffer[t + 1]!;
  }
}

/** Index of the next window, which a checkpoint stores. */
export interface BatcherPosition {
  readonly epoch: number;
  readonly window: number;
}

/** Endless training windows of a text or of documents. */
export interface WindowBatcher {
  /** Number of streams. */
  readonly batchSize: number;
  readonly timeSteps: number;
  /** Number of steps from one window to the next. */
  readonly stride: number;
  readonly windowsPerEpoch: number;
  /** Mean number of targets that a window adds. */
  readonly itemsPerWindow: number;
  /** Position of the window that `next` will return. */
  readonly position: BatcherPosition;
  /** Restores a position. @throws RangeError if it does not exist */
  seek(position: BatcherPosition): void;
  /** Returns the next window. The next call may overwrite its arrays. */
  next(): TrainingWindow;
}

/** Follows the windows of equal epochs. */
export class WindowCounter {
  readonly windowsPerEpoch: number;
  position: BatcherPosition = { epoch: 0, window: 0 };

  constructor(windowsPerEpoch: number) {
    this.windowsPerEpoch = windowsPerEpoch;
  }

  /** @throws RangeError if the position does not exist */
  seek({ epoch, window }: BatcherPosition): void {
    const exists =
      Number.isSafeInteger(epoch) &&
      Number.isSafeInteger(window) &&
      epoch >= 0 &&
      window >= 0 &&
      window < this.windowsPerEpoch;
    if (!exists) {
      throw new RangeError(`Window ${window} of epoch ${epoch} does not exist; an epoch has ${this.windowsPerEpoch}.`);
    }
    this.position = { epoch, window };
  }

  /** Returns the position and moves to the next one. */
  take(): BatcherPosition {
    const { epoch, window } = this.position;
    const isLast = window + 1 === this.windowsPerEpoch;
    this.position = isLast ? { epoch: epoch + 1, window: 0 } : { epoch, window: window + 1 };
    return { epoch, window };
  }
}
