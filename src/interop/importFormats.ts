import { MODEL_EXTENSIONS } from '../config/portableFormats.ts';
import type { RecognitionChoices } from '../config/recognitionChoices.ts';
import type { NamedTensor } from '../models/weights.ts';
import { UnusableError } from '../phrases/causes.ts';
import { phrase } from '../phrases/phrase.ts';
import { kerasFormat } from './keras/kerasFormat.ts';
import { onnxFormat } from './onnx/onnxFormat.ts';
import type { PortableShape } from './portable.ts';
import type { Recognized } from './recognized.ts';
import { safetensorsFormat } from './safetensorsFormat.ts';
import { tfjsFormat } from './tfjs/tfjsFormat.ts';
import { torchFormat } from './torch/torchFormat.ts';

/** A file with a model of another program. */
export interface ModelFile {
  /** Its name without a folder. */
  readonly name: string;
  readonly bytes: Uint8Array;
  /** Content of another file of the same folder; undefined if there is none. @throws UnusableError for one too large */
  readonly neighbor: (name: string) => Promise<Uint8Array | undefined>;
}

/** A format in which other programs keep models. A new one is an entry of `IMPORT_FORMATS`. */
export interface ImportFormat {
  /** Whether a file is of the format, by its name or by how it begins. */
  readonly matches: (bytes: Uint8Array, name: string) => boolean;
  /**
   * Recognizes the structure of a model.
   * @throws UnusableError for a file that is damaged or not recognized, AmbiguousError if several modules fit a choice
   */
  readonly recognize: (file: ModelFile, choices: RecognitionChoices) => Promise<Recognized>;
  /**
   * The weights of a model that this product has exported, under the names of `model/`.
   * @param shape its structure, from `config.json` next to the file
   * @throws UnusableError for a file that is damaged, and for weights of another structure
   */
  readonly exported: (file: ModelFile, shape: PortableShape) => Promise<readonly NamedTensor[]>;
}

/** Formats in the order in which they are tried. */
const IMPORT_FORMATS: readonly ImportFormat[] = [safetensorsFormat, tfjsFormat, kerasFormat, onnxFormat, torchFormat];

/** The format of a file. @throws UnusableError for another one */
export function importFormatOf({ bytes, name }: Pick<ModelFile, 'bytes' | 'name'>): ImportFormat {
  const format = IMPORT_FORMATS.find(({ matches }) => matches(bytes, name));
  if (format) return format;
  throw new UnusableError(
    phrase(
      '"{0}" is no file of a model that can be opened: those are {1}.',
      name,
      MODEL_EXTENSIONS.map((extension) => `.${extension}`).join(', '),
    ),
  );
}
