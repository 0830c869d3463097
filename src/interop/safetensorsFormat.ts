import { hasExtension } from '../config/portableFormats.ts';
import type { ImportFormat } from './importFormats.ts';
import type { NamedTensor } from '../models/weights.ts';
import { readSafetensors, type Safetensors } from './safetensors.ts';
import { fromTensors, recognizedTensors } from './torch/torchFormat.ts';

/** Weights of PyTorch in a file of safetensors. */
export const safetensorsFormat: ImportFormat = {
  matches: (_, name) => hasExtension(name, 'safetensors'),
  recognize: async ({ bytes, name }, choices) =>
    recognizedTensors(withShared(readSafetensors(bytes, name)), name, choices),
  exported: async ({ bytes, name }, shape) => fromTensors(readSafetensors(bytes, name).tensors, name, shape),
};

/** With the tensors that `save_model` stores once and names in the metadata, such as tied weights. */
function withShared({ tensors, metadata }: Safetensors): readonly NamedTensor[] {
  const byName = new Map(tensors.map((tensor) => [tensor.name, tensor]));
  const shared = Object.entries(metadata).flatMap(([name, kept]) => {
    const tensor = byName.get(kept);
    return tensor && !byName.has(name) ? [{ ...tensor, name }] : [];
  });
  return [...tensors, ...shared];
}
