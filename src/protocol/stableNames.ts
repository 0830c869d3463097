/**
 * Mapping between the names in the code and the names in a run's files and in the command line's JSON. Other programs
 * and runs of version 0.1.0 use the stable names, so they never change.
 *
 * Each kind of object lists its differing keys, from the name in the code to the stable name. All other keys are equal.
 */
const DIFFERENCES = {
  /** A line of `metrics.jsonl`, and of `sequence-lab train --json`. */
  step: { gradientNorm: 'gradNorm', clippedGradientNorm: 'clippedNorm' },
  /** Lines of `sequence-lab train --json`. */
  start: { secondsLimit: 'seconds' },
  end: { validationLoss: 'valLoss', bestValidationLoss: 'bestValLoss' },
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

/** Converts an object to stable names, to write it as JSON. */
export function withStableNames(kind: StableKind, value: object): object {
  return renamed(value, toStable.get(kind));
}

/** Converts a value read from JSON to the names in the code, to check it with its schema. */
export function fromStableNames(kind: StableKind, value: unknown): unknown {
  return isObject(value) ? renamed(value, fromStable.get(kind)) : value;
}

/** Converts an event of a run to stable names. */
export function withStableEventNames(event: { readonly event: string; readonly [key: string]: unknown }): object {
  return renamed(event, toStable.get(event.event));
}

/** Converts an event read from JSON to the names in the code. */
export function fromStableEventNames(value: unknown): unknown {
  if (!isObject(value) || !('event' in value) || typeof value.event !== 'string') return value;
  return renamed(value, fromStable.get(value.event));
}

/** Returns the object, or a copy with renamed keys in the same order. */
function renamed(value: object, names: ReadonlyMap<string, string> | undefined): object {
  if (!names) return value;
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [names.get(key) ?? key, each]));
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
