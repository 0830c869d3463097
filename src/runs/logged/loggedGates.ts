import { join } from 'node:path';
import * as z from 'zod';
import { ACTIVATION_NAMES, CELL_NAMES, cells } from '../../config/cells.ts';
import { textOf, UnusableError } from '../../phrases/causes.ts';
import { phrase } from '../../phrases/phrase.ts';
import { disk, fileInfo, type Files, isMissing } from '../../platform/files.ts';
import { MAX_INSPECTED_STEPS } from '../../protocol/inspection.ts';
import { direction } from '../../protocol/verdicts.ts';
import { bytesOfBase64 } from '../../platform/bytes.ts';

/** File with the gates on a text, of the last probe that another program has logged. */
const GATES_FILE = 'gates.json';
/** Bytes of the largest file that is read: 500 tokens of 8 layers of 1,000 units. */
const LARGEST = 200_000_000;
const MOST_LAYERS = 200;

const layerSchema = z.object({
  layer: z.string().min(1).max(200),
  direction,
  cell: z.enum(CELL_NAMES),
  units: z.int().positive().max(100_000),
  /** Values of each gate and state, `[tokens, units]`: float32, little endian, in base64. */
  activations: z.partialRecord(z.enum(ACTIVATION_NAMES), z.string()),
});

const schema = z.object({
  version: z.literal(1),
  step: z.int().nonnegative(),
  /** What the layers read, one text for each time step. */
  tokens: z.array(z.string().max(1000)).min(1).max(MAX_INSPECTED_STEPS),
  /** -ln p of each token given those before it, in nats; null where nothing predicts it. */
  surprisal: z.array(z.number().nullable()).nullable().default(null),
  layers: z.array(layerSchema).min(1).max(MOST_LAYERS),
});

/** Gates and states of a direction of a layer over a text, in the order of its cell. */
interface LoggedActivations extends Omit<z.output<typeof layerSchema>, 'activations'> {
  /** `[tokens, width]`, as a kernel returns them: see `ActivationPlace`. */
  readonly outputs: readonly Float32Array[];
}

/** Gates on a text that another program has logged. */
export interface LoggedGates extends Pick<z.output<typeof schema>, 'step' | 'tokens' | 'surprisal'> {
  readonly layers: readonly LoggedActivations[];
}

/** @throws UnusableError that names the file, and what is missing or wrong */
export async function readLoggedGates(folder: string, files: Files = disk): Promise<LoggedGates> {
  const path = join(folder, GATES_FILE);
  try {
    const { size } = await fileInfo(path);
    if (size > LARGEST)
      throw new UnusableError(
        phrase('"{0}" has {1} bytes; at most {2} can be read. Log the gates on fewer tokens.', path, size, LARGEST),
      );
    return parseGates(await files.readText(path), path);
  } catch (error) {
    if (error instanceof UnusableError) throw error;
    throw new UnusableError(
      isMissing(error)
        ? phrase('The program has not logged the gates on a text: {0} is missing.', path)
        : phrase('"{0}" cannot be read. {1}', path, textOf(error)),
      { cause: error },
    );
  }
}

/** @throws UnusableError that names the file, and what is wrong */
export function parseGates(text: string, path: string): LoggedGates {
  const { step, tokens, surprisal, layers } = checked(text, path);
  if (surprisal && surprisal.length !== tokens.length)
    throw new UnusableError(
      phrase('"{0}" has {1} values of "{2}" for {3} tokens.', path, surprisal.length, 'surprisal', tokens.length),
    );
  return {
    step,
    tokens,
    surprisal,
    layers: layers.map(({ activations, ...layer }) => {
      const values = (name: (typeof ACTIVATION_NAMES)[number]) => {
        const encoded = activations[name];
        if (encoded === undefined)
          throw new UnusableError(phrase('"{0}" lacks "{1}" of the layer "{2}".', path, name, layer.layer));
        const found = floats(encoded);
        if (found?.length === tokens.length * layer.units) return found;
        throw new UnusableError(
          phrase(
            '"{0}" has {1} values of "{2}" for {3} tokens and {4} units of the layer "{5}".',
            path,
            found?.length ?? 0,
            name,
            tokens.length,
            layer.units,
            layer.layer,
          ),
        );
      };
      return { ...layer, outputs: outputsOf(layer, tokens.length, values) };
    }),
  };
}

function checked(text: string, path: string): z.output<typeof schema> {
  try {
    return schema.parse(JSON.parse(text));
  } catch (error) {
    throw new UnusableError(phrase('"{0}" cannot be read. {1}', path, textOf(error)), { cause: error });
  }
}

type ValuesOf = (name: (typeof ACTIVATION_NAMES)[number]) => Float32Array;

/** The outputs of a cell's kernel, with the blocks of each at their places. */
function outputsOf(
  { cell, units }: Pick<LoggedActivations, 'cell' | 'units'>,
  tokens: number,
  valuesOf: ValuesOf,
): Float32Array[] {
  const { activations } = cells[cell];
  const count = Math.max(...activations.map(({ output }) => output)) + 1;
  return Array.from({ length: count }, (_, output) => {
    const blocks = activations.filter((place) => place.output === output);
    const width = blocks.length * units;
    const merged = new Float32Array(tokens * width);
    for (const { name, block } of blocks) {
      const values = valuesOf(name);
      for (let t = 0; t < tokens; t++)
        merged.set(values.subarray(t * units, (t + 1) * units), t * width + block * units);
    }
    return merged;
  });
}

/** Float32 values in base64; undefined for other bytes. */
function floats(encoded: string): Float32Array | undefined {
  const bytes = bytesOfBase64(encoded);
  if (bytes.length % 4 !== 0) return undefined;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  return Float32Array.from({ length: bytes.length / 4 }, (_, index) => view.getFloat32(4 * index, true));
}
