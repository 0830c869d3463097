import { phrase, type Text } from '../phrases/phrase.ts';
import type { ActivationName } from './probes.ts';

/** Name of each activation on screen with its letter in the equations, the same in the editor and in every view. */
export const activationNames: Readonly<Record<ActivationName, { readonly name: Text; readonly symbol: string }>> = {
  input: { name: phrase('input gate'), symbol: 'i' },
  forget: { name: phrase('forget gate'), symbol: 'f' },
  candidate: { name: phrase('candidate'), symbol: 'g' },
  output: { name: phrase('output gate'), symbol: 'o' },
  update: { name: phrase('update gate'), symbol: 'z' },
  reset: { name: phrase('reset gate'), symbol: 'r' },
  cellState: { name: phrase('cell state'), symbol: 'c' },
  hidden: { name: phrase('hidden state'), symbol: 'h' },
};
