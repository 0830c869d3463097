import { ulpsApart } from '../../format/ulps.ts';
import type { NamedTensor } from '../../models/weights.ts';
import type { SampleEvent, StepEvent, ValidationEvent } from '../../protocol/events.ts';
import type { Probe } from '../../protocol/probes.ts';
import type { RecordedDifference } from '../../protocol/replay.ts';
import { finite } from '../takeStep.ts';

/** Comparisons of what a run computes with its record, bit for bit. Each returns the first difference. */

/** A difference without numbers. */
export function differs(
  step: number,
  quantity: RecordedDifference['quantity'],
  { name = null, file = null }: { readonly name?: string | null; readonly file?: string | null } = {},
): RecordedDifference {
  return { step, quantity, name, file, recorded: null, now: null, ulps: null, values: null, texts: null };
}

/** Compares the losses and norms of a step. */
export function compareSteps(recorded: StepEvent, now: StepEvent): RecordedDifference | undefined {
  const quantities = [
    ['loss', recorded.loss, now.loss],
    ['gradNorm', recorded.gradientNorm, now.gradientNorm],
    ['clippedNorm', recorded.clippedGradientNorm, now.clippedGradientNorm],
    ['learningRate', recorded.learningRate, now.learningRate],
  ] as const;
  for (const [quantity, before, after] of quantities) {
    const difference = compareNumbers(now.step, quantity, null, before ?? null, after ?? null);
    if (difference) return difference;
  }
  return undefined;
}

/** Compares the loss and the scores of a validation. */
export function compareValidations(recorded: ValidationEvent, now: ValidationEvent): RecordedDifference | undefined {
  const { step } = now;
  const loss = compareNumbers(step, 'valLoss', null, recorded.loss, now.loss);
  if (loss) return loss;
  for (const [name, score] of Object.entries(recorded.scores ?? {})) {
    const difference = compareNumbers(step, 'score', name, score, now.scores?.[name] ?? null);
    if (difference) return difference;
  }
  return undefined;
}

/** Characters of a sample that a difference quotes. */
const QUOTED = 40;

/**
 * Compares the text of a sample.
 * @param mayBeCut whether the run was stopped at this step, which cuts a sample that is being written
 */
export function compareSamples(
  recorded: SampleEvent,
  now: SampleEvent,
  mayBeCut: boolean,
): RecordedDifference | undefined {
  const [before, after] = [Array.from(recorded.text), Array.from(now.text)];
  if (recorded.text === now.text || (mayBeCut && now.text.startsWith(recorded.text))) return undefined;
  const first = before.findIndex((character, index) => character !== after[index]);
  const at = first < 0 ? before.length : first;
  const from = (characters: readonly string[]) => characters.slice(at, at + QUOTED).join('');
  return { ...differs(now.step, 'sample'), texts: { at, recorded: from(before), now: from(after) } };
}

/** Measurements of a probe. The rest follows from them, or is the time that the probe took. */
const MEASURED = [
  'timeSteps',
  'batch',
  'loss',
  'layers',
  'parameters',
  'gradientNorm',
  'clippedGradientNorm',
  'clippedShare',
  'flow',
] as const satisfies readonly (keyof Probe)[];

/** Compares the numbers of a probe. @param file path of the stored one in the run's folder */
export function compareProbes(file: string, recorded: Probe, now: Probe): RecordedDifference | undefined {
  const [before, after] = [numbersOf(recorded), numbersOf(now)];
  const names = [...new Set([...before.keys(), ...after.keys()])];
  const different = names.filter((name) => before.get(name) !== after.get(name) && !isLeftOut(name, before, after));
  const [name] = different;
  if (name === undefined) return undefined;
  const [stored, computed] = [before.get(name) ?? null, after.get(name) ?? null];
  const ulps = ulpsApart(stored ?? NaN, computed ?? NaN);
  const values = different.length;
  return { ...differs(now.step, 'probe', { name, file }), recorded: stored, now: computed, ulps, values };
}

/** A run that was resumed between an update and a probe does not know how far the update moved the weights. */
function isLeftOut(name: string, ...sides: readonly ReadonlyMap<string, number | null>[]): boolean {
  return name.endsWith('.updateRatio') && sides.some((side) => side.get(name) === null);
}

/** The measured numbers of a probe by their places, such as `layers[0].lastStep.h[3]`. */
function numbersOf(probe: Probe): Map<string, number | null> {
  const numbers = new Map<string, number | null>();
  const collect = (name: string, value: unknown): void => {
    if (value === null || typeof value === 'number') numbers.set(name, value);
    else if (Array.isArray(value)) value.forEach((each, index) => collect(`${name}[${index}]`, each));
    else if (typeof value === 'object')
      for (const [key, each] of Object.entries(value)) collect(`${name}.${key}`, each);
  };
  for (const name of MEASURED) collect(name, probe[name]);
  return numbers;
}

/** Compares tensors by their names, shapes and bits. @param file path of the stored ones in the run's folder */
export function compareTensors(
  step: number,
  file: string,
  stored: readonly NamedTensor[],
  now: readonly NamedTensor[],
): RecordedDifference | undefined {
  const byName = new Map(stored.map((tensor) => [tensor.name, tensor]));
  for (const { name, shape, values } of now) {
    const other = byName.get(name);
    if (!other || other.shape.join() !== shape.join()) return differs(step, 'tensor', { name, file });
    const difference = compareValues(other.values, values);
    if (difference) return { step, quantity: 'tensor', name, file, texts: null, ...difference };
  }
  const extra = stored.find(({ name }) => !now.some((tensor) => tensor.name === name));
  return extra && differs(step, 'tensor', { name: extra.name, file });
}

function compareValues(
  stored: Float32Array,
  now: Float32Array,
): Pick<RecordedDifference, 'recorded' | 'now' | 'ulps' | 'values'> | undefined {
  const [before, after] = [bitsOf(stored), bitsOf(now)];
  let first = -1;
  let values = 0;
  for (let index = 0; index < after.length; index++) {
    if (before[index] === after[index]) continue;
    if (first < 0) first = index;
    values++;
  }
  if (first < 0) return undefined;
  const [recorded, computed] = [stored[first]!, now[first]!];
  return { recorded: finite(recorded), now: finite(computed), ulps: ulpsApart(recorded, computed), values };
}

function bitsOf(values: Float32Array): Uint32Array {
  return new Uint32Array(values.buffer, values.byteOffset, values.length);
}

function compareNumbers(
  step: number,
  quantity: RecordedDifference['quantity'],
  name: string | null,
  recorded: number | null,
  now: number | null,
): RecordedDifference | undefined {
  if (recorded === now) return undefined;
  const ulps = ulpsApart(recorded ?? NaN, now ?? NaN);
  return { step, quantity, name, file: null, recorded, now, ulps, values: null, texts: null };
}
