import type { NamedTensor } from '../../models/weights.ts';
import { phrase } from '../../phrases/phrase.ts';
import type { ImportFormat, ModelFile } from '../importFormats.ts';
import { recognizeLayers } from '../layerList/recognizeLayers.ts';
import type { PortableShape } from '../portable.ts';
import { checkFinite, notRecognized, refuseChoices } from '../recognized.ts';
import { readLayersModel, readLayersModelWeights } from './layersModelFile.ts';

/** LayersModels of TensorFlow.js. */
export const tfjsFormat: ImportFormat = {
  matches: (bytes, name) => /\.json$/i.test(name) && bytes[0] === OPENING_BRACE,
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
          'it has the product of two matrices in place of the weights of a projection or of a recurrence of outputs. Export the run as safetensors to open it here',
        ),
      );
    const parts = await Promise.all(FILES[shape.network].map(async (name) => part(file, name)));
    const tensors = (await Promise.all(parts.map(readLayersModelWeights))).flat();
    checkFinite(tensors, file.name);
    return tensors.flatMap((tensor) => ownName(tensor, shape));
  },
};

const OPENING_BRACE = 0x7b;

/** The files with the weights of each kind of network, as they are exported. */
const FILES: Readonly<Record<PortableShape['network'], readonly string[]>> = {
  'every-step': ['model.json'],
  'last-step': ['model.json'],
  conditioned: ['model.json', 'initial.json'],
  'encoder-decoder': ['encoder.json', 'decoder.json'],
};

async function part(file: ModelFile, name: string): Promise<ModelFile> {
  if (file.name === name) return file;
  const bytes = await file.neighbor(name);
  if (!bytes) throw notRecognized(file.name, phrase('"{0}" is missing next to it', name));
  return { ...file, name, bytes };
}

/** The weight under our name; none for the copy of a tied embedding. */
function ownName(tensor: NamedTensor, { tied }: PortableShape): NamedTensor[] {
  if (tied && tensor.name === 'dense/kernel') return [];
  return [tensor.name === 'attention/kernel' ? { ...tensor, name: 'attention/query' } : tensor];
}
