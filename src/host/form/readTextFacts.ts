import type { TextSource } from '../../config/textSource.ts';
import { isBinaryName } from '../../config/dataFormats.ts';
import { HEAD_BYTES, MAX_INVALID_SHARE } from '../../config/textHead.ts';
import { trainingTokens } from '../../config/textLength.ts';
import { fileChunks, fileInfo } from '../../platform/files.ts';
import type { TextFacts } from '../../protocol/textFacts.ts';

/** Size in bytes up to which a file is read whole; of a larger one, the head decides whether it is text. */
const MAX_WHOLE_BYTES = 1 << 20;

/**
 * Reads what can be said of a text without training on it.
 * @param validationShare fraction of the text that is held out
 * @returns null for a folder, for a file whose text is packed, and for one that cannot be read; training names the reason
 */
export async function readTextFacts(
  source: TextSource,
  name: string,
  validationShare: number,
): Promise<TextFacts | null> {
  if (source.kind === 'text') return factsOf(source.text, name, validationShare);
  const info = await fileInfo(source.path).catch(() => undefined);
  if (!info?.isFile || isBinaryName(source.path)) return null;
  const isWhole = info.size <= MAX_WHOLE_BYTES;
  const bytes = await beginning(source.path, isWhole ? info.size : HEAD_BYTES).catch(() => undefined);
  if (!bytes) return null;
  const facts = factsOf(decode(bytes), name, validationShare);
  return isWhole ? facts : { ...facts, characters: info.size, symbols: null };
}

async function beginning(path: string, size: number): Promise<Uint8Array> {
  if (size === 0) return new Uint8Array();
  for await (const chunk of fileChunks(path, size)) return chunk.subarray(0, size);
  return new Uint8Array();
}

function decode(bytes: Uint8Array): string {
  const [first, second] = bytes;
  const isLittle = first === 0xff && second === 0xfe;
  const isBig = first === 0xfe && second === 0xff;
  const encoding = isLittle ? 'utf-16le' : isBig ? 'utf-16be' : 'utf-8';
  // The end of a head may cut a character.
  return new TextDecoder(encoding).decode(bytes, { stream: true });
}

function factsOf(text: string, name: string, validationShare: number): TextFacts {
  const characters = [...text.replaceAll('\r\n', '\n')];
  const head = characters.slice(0, HEAD_BYTES);
  const invalid = head.filter((character) => character === '\uFFFD').length;
  const isBinary = head.includes('\0') || invalid > MAX_INVALID_SHARE * head.length;
  return {
    name,
    characters: characters.length,
    symbols: new Set(characters.slice(0, trainingTokens(characters.length, { validationShare }))).size,
    refused: characters.length === 0 ? 'empty' : isBinary ? 'binary' : null,
  };
}
