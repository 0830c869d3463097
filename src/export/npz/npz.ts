import { phrase, PhrasedError } from '../../phrases/phrase.ts';
import { storedZip } from '../../format/storedZip.ts';
import { npyBytes, type NumpyArray } from './npy.ts';

/** Arrays by name. `numpy.load` returns them under these names. */
export type NamedArrays = ReadonlyMap<string, NumpyArray>;

/**
 * Arrays in the format `.npz`: a zip file of one `.npy` file per array. They are stored, not compressed, as
 * `numpy.savez` does.
 * @throws PhrasedError if the file would exceed the 4 GB of a zip file
 */
export function npzBytes(arrays: NamedArrays): Uint8Array<ArrayBuffer> {
  const files = new Map(Array.from(arrays, ([name, array]) => [`${name}.npy`, npyBytes(array)]));
  const zip = storedZip(files);
  if (zip) return zip;
  throw new PhrasedError(phrase('The arrays exceed the 4 GB of a zip file. Export fewer runs at once.'));
}
