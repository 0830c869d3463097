import { hasExtension } from '../../config/portableFormats.ts';
import type { RecognitionChoices } from '../../config/recognitionChoices.ts';
import type { NamedTensor } from '../../models/weights.ts';
import { textOf, UnusableError } from '../../phrases/causes.ts';
import { phrase } from '../../phrases/phrase.ts';
import type { ImportFormat } from '../importFormats.ts';
import type { PortableShape } from '../portable.ts';
import { checkFinite, type Recognized } from '../recognized.ts';
import { isZip } from '../../zip/directory.ts';
import { recognizeTorch } from './recognize.ts';
import { fromStateDict } from './stateDict.ts';
import { readTorchFile } from './torchFile.ts';

/** Weights of `torch.save`. */
export const torchFormat: ImportFormat = {
  matches: (bytes, name) => hasExtension(name, 'torch') || isZip(bytes),
  async recognize({ bytes, name }, choices) {
    const { tensors, entry } = readTorchFile(bytes, name);
    const recognized = recognizedTensors(tensors, name, choices);
    if (entry === '') return recognized;
    return {
      ...recognized,
      found: [phrase('weights: the entry "{0}" of the checkpoint', entry), ...recognized.found],
    };
  },
  exported: async ({ bytes, name }, shape) => fromTensors(readTorchFile(bytes, name).tensors, name, shape),
};

/** The model of a `state_dict`. @throws UnusableError as `recognizeTorch`, and for values that are not finite */
export function recognizedTensors(
  tensors: readonly NamedTensor[],
  name: string,
  choices: RecognitionChoices,
): Recognized {
  checkFinite(tensors, name);
  return recognizeTorch(tensors, name, choices);
}

/** The weights of an exported `state_dict` by our names. @throws UnusableError for weights of another structure */
export function fromTensors(tensors: readonly NamedTensor[], name: string, shape: PortableShape): NamedTensor[] {
  checkFinite(tensors, name);
  try {
    return fromStateDict(shape, tensors);
  } catch (error) {
    throw new UnusableError(phrase('"{0}" does not fit config.json next to it. {1}', name, textOf(error)), {
      cause: error,
    });
  }
}
