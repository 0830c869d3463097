import * as z from 'zod';
import type { NamedTensor } from '../../models/weights.ts';
import { phrase } from '../../phrases/phrase.ts';
import type { Hdf5Dataset, Hdf5File } from '../hdf5/hdf5File.ts';
import { notRecognized } from '../recognized.ts';
import { PROJECTION } from './kerasFiles.ts';
import { KEPT, layerPaths } from './kerasPaths.ts';

const graph = z.object({
  config: z.object({
    layers: z.array(
      z.object({
        module: z.string(),
        class_name: z.string(),
        name: z.string(),
        config: z.looseObject({ layer: z.object({ config: z.object({ name: z.string() }) }).optional() }),
      }),
    ),
  }),
});

const CELL = ['kernel', 'recurrent_kernel', 'bias'] as const;
const RECURRENT: ReadonlySet<string> = new Set(['LSTM', 'GRU', 'SimpleRNN']);

/**
 * The tensors of an exported model by our names: the layers are named as in `model/`, and what is a product of several
 * matrices in the layers is kept next to them.
 * @param name name of the file, for errors
 * @throws UnusableError for a model that this product has not written
 */
export function exportedTensors(config: unknown, file: Hdf5File, name: string): NamedTensor[] {
  const found = graph.safeParse(config).data;
  if (!found) throw notRecognized(name, phrase('it is no exported model'));
  const { layers } = found.config;
  const paths = layerPaths(layers.map(({ class_name: className, module }) => ({ className, module })));
  const tensors = new Map<string, NamedTensor>();
  const add = (own: string, dataset: Hdf5Dataset | undefined, shape?: readonly number[]) => {
    if (dataset) tensors.set(own, { name: own, shape: shape ?? dataset.shape, values: dataset.read() });
  };
  const addCell = (own: string, path: string) => {
    CELL.forEach((part, at) => {
      add(`${own}/${part}`, file.datasets.get(`${path}/cell/vars/${at}`));
    });
  };
  layers.forEach(({ class_name: className, name: own, config: options }, at) => {
    const path = paths[at] ?? '';
    const [first, second] = [file.datasets.get(`${path}/vars/0`), file.datasets.get(`${path}/vars/1`)];
    if (RECURRENT.has(className)) addCell(own, path);
    else if (className === 'Bidirectional')
      for (const direction of ['forward', 'backward'])
        addCell(`${own}/${direction}_${options.layer?.config.name}`, `${path}/${direction}_layer`);
    else if (className === 'Embedding') add(`${own}/embeddings`, first);
    else if (className === 'AdditiveAttention') add(`${own}/kernel`, first, [first?.shape[0] ?? 0, 1]);
    else if (className === 'Dense' && !own.endsWith(PROJECTION)) {
      add(own === 'attention' ? 'attention/query' : `${own}/kernel`, first);
      add(`${own}/bias`, second);
    }
  });
  for (const [path, dataset] of file.datasets)
    if (path.startsWith(`${KEPT}/`)) add(path.slice(KEPT.length + 1), dataset);
  return [...tensors.values()];
}
