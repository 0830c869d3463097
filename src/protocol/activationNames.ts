import type { ActivationName } from './probes.ts';

/** Name of each activation on screen with its letter in the equations, the same in the editor and in every view. */
export const activationNames: Readonly<Record<ActivationName, { readonly name: string; readonly symbol: string }>> = {
  input: { name: 'input gate', symbol: 'i' },
  forget: { name: 'forget gate', symbol: 'f' },
  candidate: { name: 'candidate', symbol: 'g' },
  output: { name: 'output gate', symbol: 'o' },
  update: { name: 'update gate', symbol: 'z' },
  reset: { name: 'reset gate', symbol: 'r' },
  cellState: { name: 'cell state', symbol: 'c' },
  hidden: { name: 'hidden state', symbol: 'h' },
};
