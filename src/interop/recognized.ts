import type { ImportedKind, RecognitionChoices } from '../config/recognitionChoices.ts';
import type { NamedTensor } from '../models/weights.ts';
import { UnusableError } from '../phrases/causes.ts';
import { joined, phrase, type Text } from '../phrases/phrase.ts';
import type { PortableShape } from './portable.ts';

/** The structure of a model of another program, and its weights. */
export interface Recognized {
  /** Its network kind is that of the outputs: at each step, or one for a sequence. */
  readonly shape: PortableShape;
  /** What it is for, as the user has chosen or the file tells; undefined if only the user can tell, or no kind fits. */
  readonly kind: ImportedKind | undefined;
  /** What it can be for, the most likely first: several if the file does not tell. None for numbers at each step. */
  readonly kinds: readonly ImportedKind[];
  /** The weights under the names of `model/`. */
  readonly tensors: readonly NamedTensor[];
  /** What each part of the file was taken for, in sentences. */
  readonly found: readonly Text[];
  /** Whether the file tells everything about the structure, so that nothing is left to choose. */
  readonly isComplete?: true;
  /** Tokens by id, if the file has them. */
  readonly tokens?: readonly string[];
}

/** Several modules fit a choice. */
export class AmbiguousError extends UnusableError {
  override readonly name = 'AmbiguousError';
  readonly choice: 'recurrent' | 'output';
  readonly modules: readonly string[];

  constructor(message: Text, choice: 'recurrent' | 'output', modules: readonly string[]) {
    super(message, { option: choice });
    this.choice = choice;
    this.modules = modules;
  }
}

/** @param name name of the file @param reason what it lacks, or what is not known in it */
export function notRecognized(name: string, reason: Text): UnusableError {
  return new UnusableError(joined([phrase('"{0}" is not recognized: {1}.', name, reason)], ''));
}

/** @throws UnusableError for choices besides the kind, because the file has the structure */
export function refuseChoices({ kind: _kind, ...choices }: RecognitionChoices, name: string): void {
  if (Object.values(choices).some((choice) => choice !== undefined))
    throw new UnusableError(phrase('"{0}" has the structure of its model: omit the choices, except the kind.', name));
}

/** @throws UnusableError for weights that are not finite, with the name of the tensor */
export function checkFinite(tensors: readonly NamedTensor[], name: string): void {
  const infinite = tensors.find(({ values }) => !values.every((value) => Number.isFinite(value)));
  if (infinite) throw new UnusableError(phrase('"{0}" has values that are not finite, in "{1}".', name, infinite.name));
}

/** Most levels of lists and objects in the structure of a model. */
export const MOST_LEVELS = 64;

/** True for a structure with more levels than `MOST_LEVELS`. */
export function isNestedTooDeeply(value: unknown, levels = MOST_LEVELS): boolean {
  if (typeof value !== 'object' || value === null) return false;
  return levels === 0 || Object.values(value).some((inner) => isNestedTooDeeply(inner, levels - 1));
}
