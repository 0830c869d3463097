import { cells, type CellName } from '../config/cells.ts';

/** A weight of a recurrent layer, by its name in `model/` of a run. */
export interface RecurrentWeight {
  /** Empty, `encoder_` or `decoder_`. */
  readonly stack: string;
  readonly cell: CellName;
  /** Number of the layer, from 0. */
  readonly layer: number;
  readonly reverse: boolean;
  readonly part: RecurrentPart;
}

export type RecurrentPart = 'kernel' | 'recurrent_kernel' | 'bias' | 'projection_kernel';

const LAYER_NAMES = Object.values(cells).map(({ layerName }) => layerName);
const NAME = new RegExp(
  `^(?:bidirectional_\\w+/(forward|backward)_)?(encoder_|decoder_|)(${LAYER_NAMES.join('|')})_(\\d+)/(kernel|recurrent_kernel|bias|projection_kernel)$`,
);

/** The weight of a recurrent layer that has this name; undefined for other weights. */
export function recurrentWeight(name: string): RecurrentWeight | undefined {
  const [, direction, stack = '', layerName, number, part] = NAME.exec(name) ?? [];
  const cell = Object.values(cells).find((each) => each.layerName === layerName)?.name;
  if (cell === undefined) return undefined;
  return { stack, cell, layer: Number(number) - 1, reverse: direction === 'backward', part: part as RecurrentPart };
}

/** The name in `model/` of a weight of a recurrent layer. @param bidirectional whether its layer has two directions */
export function recurrentWeightName(
  { stack, cell, layer, reverse, part }: RecurrentWeight,
  bidirectional: boolean,
): string {
  const name = `${stack}${cells[cell].layerName}_${layer + 1}`;
  return bidirectional
    ? `bidirectional_${name}/${reverse ? 'backward' : 'forward'}_${name}/${part}`
    : `${name}/${part}`;
}
