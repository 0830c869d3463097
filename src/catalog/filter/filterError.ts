import { PhrasedError, type Text } from '../../phrases/phrase.ts';

/** A filter that cannot be read. */
export class FilterError extends PhrasedError {
  override readonly name = 'FilterError';
  /** Place of the error, from 0 to the length of the text. */
  readonly position: number;
  /** Number of characters that are wrong; 0 if something is missing. */
  readonly length: number;

  constructor(message: Text, { position, length }: { readonly position: number; readonly length: number }) {
    super(message);
    this.position = position;
    this.length = length;
  }
}
