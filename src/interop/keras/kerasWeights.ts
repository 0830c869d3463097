import { phrase } from '../../phrases/phrase.ts';
import type { NamedTensor } from '../../models/weights.ts';
import type { Hdf5Dataset, Hdf5File } from '../hdf5/hdf5File.ts';
import type { LayerConfig, LayerRecord } from '../layerList/layerRecord.ts';
import { notRecognized } from '../recognized.ts';
import { layerPaths } from './kerasPaths.ts';

/** Groups in the group of a layer in which the variables of its parts are, in our order. */
const PARTS = ['vars', 'cell/vars', 'layer/vars', 'forward_layer/cell/vars', 'backward_layer/cell/vars'] as const;
/** Variables of a layer are few; more are no weights. */
const MOST_VARIABLES = 10;

/** Weights of a file `.weights.h5`, or of one in `.keras`, for the layers of a chain. */
export function withWeights(layers: readonly LayerConfig[], file: Hdf5File, name: string): LayerRecord[] {
  const paths = layerPaths(layers);
  return layers.map((layer, at) => {
    const path = paths[at] ?? '';
    if (path === '') return { ...layer, weights: [] };
    return { ...layer, weights: variablesOf([path, `layers/${layer.name}`], file).map((each) => tensorOf(each, name)) };
  });
}

/** The datasets of a layer. @param paths groups in which they can be */
function variablesOf(paths: readonly string[], file: Hdf5File): Hdf5Dataset[] {
  const path = paths.find((each) => file.has(each));
  if (path === undefined) return [];
  return PARTS.flatMap((part) => {
    const found: Hdf5Dataset[] = [];
    for (let variable = 0; variable < MOST_VARIABLES; variable++) {
      const dataset = file.datasets.get(`${path}/${part}/${variable}`);
      if (!dataset) break;
      found.push(dataset);
    }
    return found;
  });
}

/** Groups of the weights in a file `.h5` with a whole model, and of its layers alone. */
const WHOLE = 'model_weights';
/** Names of weights in the order of the layers. */
const LEGACY_NAMES = ['embeddings', 'kernel', 'recurrent_kernel', 'bias'] as const;

/** Weights of a file `.h5` with a whole model, which have names, for the layers of a chain. */
export function withNamedWeights(layers: readonly LayerConfig[], file: Hdf5File, name: string): LayerRecord[] {
  return layers.map((layer) => {
    const prefix = `${WHOLE}/${layer.name}/`;
    const own = file.below(`${WHOLE}/${layer.name}`);
    const inOrder = [false, true].flatMap((backward) =>
      LEGACY_NAMES.flatMap((weight) =>
        own.filter(({ path }) => {
          const parts = path.slice(prefix.length).split('/');
          const isBackward = parts.slice(1, -1).some((part) => part.startsWith('backward_'));
          return isBackward === backward && parts.at(-1)?.replace(/:\d+$/, '') === weight;
        }),
      ),
    );
    return { ...layer, weights: inOrder.map((each) => tensorOf(each, name)) };
  });
}

function tensorOf({ path, shape, read }: Hdf5Dataset, name: string): NamedTensor {
  const values = read();
  if (shape.length > 2)
    throw notRecognized(name, phrase('"{0}" has {1} axes, as no weight of a known layer', path, shape.length));
  return { name: path, shape, values };
}
