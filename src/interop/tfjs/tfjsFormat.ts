import { hasExtension } from '../../config/portableFormats.ts';
import type { NamedTensor } from '../../models/weights.ts';
import { phrase } from '../../phrases/phrase.ts';
import { exportParts } from '../exportParts.ts';
import type { ImportFormat } from '../importFormats.ts';
import { recognizeLayers } from '../layerList/recognizeLayers.ts';
import type { PortableShape } from '../portable.ts';
import { checkFinite, notRecognized, refuseChoices } from '../recognized.ts';
import { readLayersModel, readLayersModelWeights } from './layersModelFile.ts';

/** LayersModels of TensorFlow.js. */
export const tfjsFormat: ImportFormat = {
  matches: (bytes, name) => hasExtension(name, 'tfjs') && bytes[0] === OPENING_BRACE,
  async recognize(file, choices) {
    refuseChoices(choices, file.name);
    const layers = await readLayersModel(file);
    checkFinite(
      layers.flatMap(({ weights }) => weights),
      file.name,
    );
    return recognizeLayers(layers, file.name, choices.kind);
  },
  async exported(file, shape) {
    if (shape.projection > 0 || shape.recurrence === 'output')
      throw notRecognized(
        file.name,
        phrase(
          'it has the product of two matrices instead of the weights of a projection or of a recurrence of outputs. Export the run as safetensors to open it here',
        ),
      );
    const parts = await exportParts(file, shape, '.json');
    const tensors = (await Promise.all(parts.map(readLayersModelWeights))).flat();
    checkFinite(tensors, file.name);
    return tensors.flatMap((tensor) => ownName(tensor, shape));
  },
};

const OPENING_BRACE = 0x7b;

/** The weight under our name; none for the copy of a tied embedding. */
function ownName(tensor: NamedTensor, { tied }: PortableShape): NamedTensor[] {
  if (tied && tensor.name === 'dense/kernel') return [];
  return [tensor.name === 'attention/kernel' ? { ...tensor, name: 'attention/query' } : tensor];
}
