import { phrase } from '../phrases/phrase.ts';
import type { ModelFile } from './importFormats.ts';
import type { PortableShape } from './portable.ts';
import { notRecognized } from './recognized.ts';

/** Names, without extensions, of the files with the weights of each kind of network that is exported as several graphs. */
const PARTS: Readonly<Partial<Record<PortableShape['network'], readonly string[]>>> = {
  conditioned: ['model', 'initial'],
  'encoder-decoder': ['encoder', 'decoder'],
};

/**
 * The files of an export: the one that is opened, and those next to it.
 * @param extension extension of the format, with a dot
 * @throws UnusableError for a missing file
 */
export async function exportParts(
  file: ModelFile,
  { network }: Pick<PortableShape, 'network'>,
  extension: string,
): Promise<readonly ModelFile[]> {
  const names = PARTS[network];
  if (!names) return [file];
  return Promise.all(
    names.map(async (part) => {
      const name = `${part}${extension}`;
      const bytes = file.name === name ? file.bytes : await file.neighbor(name);
      if (!bytes) throw notRecognized(file.name, phrase('"{0}" is missing next to it', name));
      return { ...file, name, bytes };
    }),
  );
}
