import { hasExtension } from '../config/portableFormats.ts';
import type { ImportFormat } from './importFormats.ts';
import { readSafetensors } from './safetensors.ts';
import { fromTensors, recognizedTensors } from './torch/torchFormat.ts';

/** Weights of PyTorch in a file of safetensors. */
export const safetensorsFormat: ImportFormat = {
  matches: (_, name) => hasExtension(name, 'safetensors'),
  recognize: async ({ bytes, name }, choices) => recognizedTensors(readSafetensors(bytes, name).tensors, name, choices),
  exported: async ({ bytes, name }, shape) => fromTensors(readSafetensors(bytes, name).tensors, name, shape),
};
