import { phrase, PhrasedError } from '../phrases/phrase.ts';

/** Error for an archive that is damaged or refused. The message names the archive and what to do. */
export class ZipError extends PhrasedError {
  override readonly name = 'ZipError';
}

/** The error for an archive of which a part is missing. */
export function notWhole(archive: string): ZipError {
  return new ZipError(phrase('"{0}" is not a whole ZIP archive. Download or pack it again.', archive));
}
