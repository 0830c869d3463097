/**
 * The one place that knows where names in a run's files and in the command line's JSON differ from the names in the
 * code. Programs read the stable names, and runs of version 0.1.0 hold them, so they never change.
 *
 * Each kind of object lists its differing keys as name in the code: stable name. All other keys are the same.
 */
const DIFFERENCES = {
  /** A line of `metrics.jsonl`, and of `sequence-lab train --json`. */
  step: { gradientNorm: 'gradNorm', clippedGradientNorm: 'clippedNorm' },
  /** Lines of `sequence-lab train --json`. */
  start: { secondsLimit: 'seconds' },
  end: { validationLoss: 'valLoss' },
  /** `run.json`. */
  record: { secondsLimit: 'seconds' },
  /** `progress` in `run.json`, and `state` in `checkpoint.json`. */
  progress: { validationLoss: 'valLoss' },
  /** A file in `probes/`, and `sequence-lab probe --json`. */
  probe: { clippedGradientNorm: 'clippedNorm' },
} satisfies Record<string, Readonly<Record<string, string>>>;

export type StableKind = keyof typeof DIFFERENCES;

const toStable = new Map(Object.entries(DIFFERENCES).map(([kind, names]) => [kind, new Map(Object.entries(names))]));
const fromStable = new Map(
  [...toStable].map(([kind, names]) => [kind, new Map([...names].map(([name, stable]) => [stable, name]))]),
);

/** An object under its stable names, ready to be written as JSON. */
export function withStableNames(kind: StableKind, value: object): object {
  return renamed(value, toStable.get(kind));
}

/** A value read from JSON under the names in the code, ready to be checked by its schema. */
export function fromStableNames(kind: StableKind, value: unknown): unknown {
  return isObject(value) ? renamed(value, fromStable.get(kind)) : value;
}

/** An event of a run under its stable names. */
export function withStableEventNames(event: { readonly event: string; readonly [key: string]: unknown }): object {
  return renamed(event, toStable.get(event.event));
}

/** The same way back for an event read from JSON. */
export function fromStableEventNames(value: unknown): unknown {
  if (!isObject(value) || !('event' in value) || typeof value.event !== 'string') return value;
  return renamed(value, fromStable.get(value.event));
}

/** The same object, or a copy with other keys in the same order. */
function renamed(value: object, names: ReadonlyMap<string, string> | undefined): object {
  if (!names) return value;
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [names.get(key) ?? key, each]));
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
