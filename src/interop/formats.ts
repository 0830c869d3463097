import type { PortableFormatName } from '../config/portableFormats.ts';
import type { Text } from '../phrases/phrase.ts';
import { onnxFiles, onnxObstacle } from './onnx/onnxFiles.ts';
import type { PortableModel, PortableShape } from './portable.ts';
import { writeSafetensors } from './safetensors.ts';
import { hasTorchLayer, toStateDict, torchObstacle } from './torch/stateDict.ts';
import { writeTorchFile } from './torch/torchFile.ts';

/** A format of another program. A new one is an entry of `portableFormats`. */
export interface PortableFormat {
  /** Name on screen. */
  readonly title: string;
  /** Why a model cannot be written in the format; undefined if it can. */
  readonly obstacle: (shape: PortableShape) => Text | undefined;
  /** Whether the format has no layer for a model, which is spelled out in elementary operations. */
  readonly isSpelledOut?: (shape: PortableShape) => boolean;
  /** The files with the weights, by their names. */
  readonly files: (model: PortableModel) => Readonly<Record<string, Uint8Array<ArrayBuffer>>>;
  /** Program in `media/python` that opens the files and compares the outputs on the example. */
  readonly program: string;
  /** Command that runs it, in the exported folder. */
  readonly command: string;
}

const TORCH = {
  obstacle: torchObstacle,
  isSpelledOut: (shape: PortableShape) => !hasTorchLayer(shape),
  program: 'sequence_lab_model.py',
  command: 'python sequence_lab_model.py',
} as const;

export const portableFormats: Readonly<Record<PortableFormatName, PortableFormat>> = {
  safetensors: {
    ...TORCH,
    title: 'safetensors',
    files: (model) => ({ 'model.safetensors': writeSafetensors(toStateDict(model), { format: 'pt' }) }),
  },
  pytorch: {
    ...TORCH,
    title: 'PyTorch',
    files: (model) => ({ 'model.pt': writeTorchFile(toStateDict(model)) }),
  },
  onnx: {
    title: 'ONNX',
    obstacle: onnxObstacle,
    files: onnxFiles,
    program: 'sequence_lab_onnx.py',
    command: 'python sequence_lab_onnx.py',
  },
};
