import { hasExtension } from '../../config/portableFormats.ts';
import type { NamedTensor } from '../../models/weights.ts';
import { textOf, UnusableError } from '../../phrases/causes.ts';
import { phrase, PhrasedError } from '../../phrases/phrase.ts';
import type { RecognitionChoices } from '../../config/recognitionChoices.ts';
import { Hdf5File, isHdf5 } from '../hdf5/hdf5File.ts';
import { exportParts } from '../exportParts.ts';
import type { ImportFormat } from '../importFormats.ts';
import { layersInOrder } from '../layerList/layerRecord.ts';
import { recognizeLayers } from '../layerList/recognizeLayers.ts';
import { checkFinite, isNestedTooDeeply, MOST_LEVELS, type Recognized, refuseChoices } from '../recognized.ts';
import { isZip } from '../../zip/directory.ts';
import { unzip } from '../zip.ts';
import { exportedTensors } from './exportedTensors.ts';
import { KERAS_ENTRIES } from './kerasPaths.ts';
import { withNamedWeights, withWeights } from './kerasWeights.ts';
import { separateTextLayers } from './textLayers.ts';
import { layersByShapes } from './weightsOnly.ts';

/** Models of Keras: `.keras` with the structure, `.weights.h5` without, and `.h5` of Keras 1 and 2. */
export const kerasFormat: ImportFormat = {
  matches: (bytes, name) => hasExtension(name, 'keras') || isHdf5(bytes),
  recognize: async ({ bytes, name }, choices) => {
    const recognized = isZip(bytes) ? inArchive(bytes, name, choices) : inHdf5(bytes, name, choices);
    checkFinite(recognized.tensors, name);
    return recognized;
  },
  async exported(file, shape) {
    const tensors: NamedTensor[] = [];
    for (const { name, bytes } of await exportParts(file, shape, '.keras')) {
      const { config, weights } = opened(bytes, name);
      tensors.push(...exportedTensors(config, new Hdf5File(weights, name), name));
    }
    checkFinite(tensors, file.name);
    const isOwn = ({ name }: NamedTensor) =>
      !(shape.tied && name === 'dense/kernel') && !(!shape.bias && RECURRENT_BIAS.test(name));
    return tensors.filter(isOwn);
  },
};

/** Biases that layers have because of a product, of a model without them. */
const RECURRENT_BIAS = /_\d+\/bias$/;

/** Files in the archive that are read: a vocabulary is one of a layer. */
const ENTRY = /^(?:config\.json|model\.weights\.h5|assets\/.*\/vocabulary\.txt)$/;

interface Opened {
  readonly config: unknown;
  readonly weights: Uint8Array;
  readonly vocabulary: string | undefined;
}

/** The files of an archive `.keras`. @throws UnusableError for another one */
function opened(bytes: Uint8Array, name: string): Opened {
  const files = unzip(bytes, name, (entry) => ENTRY.test(entry));
  const config = files.get(KERAS_ENTRIES.config);
  const weights = files.get(KERAS_ENTRIES.weights);
  if (!config || !weights)
    throw new UnusableError(
      phrase(
        '"{0}" has no {1}: it is no model of Keras 3.',
        name,
        config ? KERAS_ENTRIES.weights : KERAS_ENTRIES.config,
      ),
    );
  const vocabularies = [...files].filter(([entry]) => entry.startsWith('assets/'));
  const [vocabulary] = vocabularies.length === 1 ? vocabularies : [];
  return {
    config: parsed(new TextDecoder().decode(config), name),
    weights,
    vocabulary: vocabulary && new TextDecoder().decode(vocabulary[1]),
  };
}

function parsed(text: string, name: string): unknown {
  try {
    const json: unknown = JSON.parse(text);
    if (isNestedTooDeeply(json)) throw new PhrasedError(phrase('It is nested over {0} times.', MOST_LEVELS));
    return json;
  } catch (error) {
    throw new UnusableError(phrase('"{0}" has a structure that cannot be read. {1}', name, textOf(error)), {
      cause: error,
    });
  }
}

function inArchive(bytes: Uint8Array, name: string, choices: RecognitionChoices): Recognized {
  refuseChoices(choices, name);
  const { config, weights, vocabulary } = opened(bytes, name);
  const all = layersInOrder(config, name);
  const { layers, tokens, found } = separateTextLayers(all, () => vocabulary, name);
  const recognized = recognizeLayers(withWeights(layers, new Hdf5File(weights, name), name), name, choices.kind);
  return { ...recognized, found: [...found, ...recognized.found], ...(tokens && { tokens }) };
}

function inHdf5(bytes: Uint8Array, name: string, choices: RecognitionChoices): Recognized {
  const file = new Hdf5File(bytes, name);
  const config = file.text('', 'model_config');
  if (config !== undefined) {
    refuseChoices(choices, name);
    const layers = layersInOrder(parsed(config, name), name);
    return recognizeLayers(withNamedWeights(layers, file, name), name, choices.kind);
  }
  const { recurrent, output } = choices;
  if (recurrent !== undefined || output !== undefined)
    throw new UnusableError(phrase('"{0}" has one recurrent module and one output: omit their choices.', name));
  const { layers, kind, kinds } = layersByShapes(file, name, choices);
  const { shape, tensors, found } = recognizeLayers(withWeights(layers, file, name), name, kind);
  return { shape, kind, kinds, tensors, found };
}
