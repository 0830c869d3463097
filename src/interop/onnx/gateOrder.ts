import { CELL_NAMES, type CellName } from '../../config/cells.ts';

/** Our block of gates for each block of ONNX: input, output, forget, candidate; update, reset, candidate. */
export const GATE_ORDER: Readonly<Record<CellName, readonly number[]>> = {
  lstm: [0, 3, 1, 2],
  gru: [0, 1, 2],
  rnn: [0],
};

/** Block of gates of ONNX for each of ours. */
export function oursInOnnxOrder(cell: CellName): readonly number[] {
  const order = GATE_ORDER[cell];
  return order.map((_, block) => order.indexOf(block));
}

/** Names that an export gives to the weights of a recurrent node: stack, cell, number of the layer, part. */
export const RECURRENT_NODE = new RegExp(`^(encoder_|decoder_|)(${CELL_NAMES.join('|')})_(\\d+)/([WRBP])$`);
