import type { CellDescription } from '../../config/cells.ts';
import type { ActivationName } from '../../protocol/probes.ts';
import type { Direction } from '../../protocol/verdicts.ts';

/** A cell as far as its states and gates are concerned. */
interface ActivatedCell {
  readonly units: number;
  readonly kind: Pick<CellDescription, 'name' | 'activations' | 'memoryGate'>;
}

/** States and gates of one direction of a layer over a text. */
export interface Activations {
  readonly layer: string;
  readonly direction: Direction;
  readonly cell: ActivatedCell;
  readonly timeSteps: number;
  /** Outputs of the forward kernel, each `[timeSteps, width]`. */
  readonly outputs: readonly Float32Array[];
}

/** Values of one unit over the tokens. @throws RangeError if the layer lacks the unit or the activation */
export function unitValues(
  { layer, cell, timeSteps, outputs }: Activations,
  name: ActivationName,
  unit: number,
): Float32Array {
  const place = cell.kind.activations.find((candidate) => candidate.name === name);
  const values = place && outputs[place.output];
  if (!values) throw new RangeError(`The layer ${layer} has no ${name}.`);
  if (unit >= cell.units)
    throw new RangeError(`Unit ${unit} does not exist; the layer ${layer} has ${cell.units} units.`);
  const width = values.length / timeSteps;
  const column = place.block * cell.units + unit;
  return Float32Array.from({ length: timeSteps }, (_, t) => values[t * width + column]!);
}
