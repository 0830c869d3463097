/** Receives the fraction of a task that is done, from 0 to 1. */
export type OnProgress = (share: number) => void;

/** Passes a fraction on when it has grown by one per cent. */
export function inPercent(onProgress: OnProgress | undefined): OnProgress {
  let last = 0;
  return (share) => {
    const percent = Math.floor(100 * Math.min(1, share));
    if (percent <= last) return;
    last = percent;
    onProgress?.(percent / 100);
  };
}

/** The progress of a part of a task, which begins and ends at a fraction of the whole. */
export function partOf(onProgress: OnProgress | undefined, from: number, to: number): OnProgress {
  return (share) => onProgress?.(from + share * (to - from));
}
