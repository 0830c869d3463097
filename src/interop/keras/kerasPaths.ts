/** Names of the files in an archive `.keras`. */
export const KERAS_ENTRIES = {
  metadata: 'metadata.json',
  config: 'config.json',
  weights: 'model.weights.h5',
} as const;

/** Group of the weights of which the layers of Keras have products or copies, by the names of `model/`. */
export const KEPT = 'sequence_lab';

/** The name of a class as the paths of weights have it: `SimpleRNN` as `simple_rnn`. */
function snakeCase(className: string): string {
  return className
    .replace(/\W+/g, '')
    .replace(/(.)([A-Z][a-z]+)/g, '$1_$2')
    .replace(/([a-z])([A-Z])/g, '$1_$2')
    .toLowerCase();
}

/**
 * Groups of the weights of the layers of a model, in its order: named by their classes and numbered, as Keras does. Of
 * operations, which are no layers, empty.
 */
export function layerPaths(layers: readonly { readonly className: string; readonly module: string }[]): string[] {
  const counts = new Map<string, number>();
  return layers.map(({ className, module }) => {
    if (/^keras\.(?:src\.)?ops\b/.test(module)) return '';
    const name = snakeCase(className);
    const count = counts.get(name) ?? 0;
    counts.set(name, count + 1);
    return `layers/${count === 0 ? name : `${name}_${count}`}`;
  });
}
