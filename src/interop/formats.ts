import type { PortableFormatName } from '../config/portableFormats.ts';
import type { Text } from '../phrases/phrase.ts';
import { kerasFiles } from './keras/kerasFiles.ts';
import { onnxFiles } from './onnx/onnxFiles.ts';
import type { PortableModel, PortableShape } from './portable.ts';
import { writeSafetensors } from './safetensors.ts';
import { needsOwnLayers, tfjsFiles } from './tfjs/tfjsFiles.ts';
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
  /**
   * Programs, by their paths in `media`, that a model needs: the first one opens the files and compares the outputs on
   * the example.
   */
  readonly programs: (shape: PortableShape) => readonly string[];
  /** Command that runs it, in the exported folder. */
  readonly command: string;
}

const TORCH = {
  obstacle: torchObstacle,
  isSpelledOut: (shape: PortableShape) => !hasTorchLayer(shape),
  programs: () => ['python/sequence_lab_model.py'],
  command: 'python sequence_lab_model.py',
} as const;

/** True for a model with matrices that no layer of other programs has, next to its recurrent layers. */
function hasProducts({ projection, recurrence }: PortableShape): boolean {
  return projection > 0 || recurrence === 'output';
}

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
  keras: {
    title: 'Keras',
    obstacle: () => undefined,
    isSpelledOut: hasProducts,
    files: kerasFiles,
    programs: () => ['python/sequence_lab_keras.py'],
    command: 'python sequence_lab_keras.py',
  },
  onnx: {
    title: 'ONNX',
    obstacle: () => undefined,
    isSpelledOut: hasProducts,
    files: onnxFiles,
    programs: () => ['python/sequence_lab_onnx.py'],
    command: 'python sequence_lab_onnx.py',
  },
  tfjs: {
    title: 'TensorFlow.js',
    obstacle: () => undefined,
    isSpelledOut: (shape) => needsOwnLayers(shape) || hasProducts(shape),
    files: tfjsFiles,
    programs: (shape) => [
      'javascript/sequence-lab-model.mjs',
      ...(needsOwnLayers(shape) ? ['javascript/sequence-lab-layers.mjs'] : []),
    ],
    command: 'npm install @tensorflow/tfjs && node sequence-lab-model.mjs',
  },
};
