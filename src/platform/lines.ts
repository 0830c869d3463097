import { fileChunks } from './files.ts';
import { joinBytes } from './bytes.ts';

const LINE_BREAK = 10;

/** A piece of a file of lines. */
export interface Lines {
  /** The whole lines that end in this piece, without their line breaks. */
  readonly lines: readonly Uint8Array[];
  /** Bytes of the line that begins after them. */
  readonly rest: number;
}

/**
 * The lines of a file, which may be larger than memory, piece by piece. What follows the last line break is no line.
 * @param chunkBytes bytes that are read at a time
 * @throws Error of the system, `ENOENT` if the file does not exist
 */
export async function* linesOf(path: string, chunkBytes: number): AsyncGenerator<Lines> {
  let rest: Uint8Array = new Uint8Array();
  for await (const chunk of fileChunks(path, chunkBytes)) {
    const bytes = rest.length === 0 ? chunk : joinBytes([rest, chunk]);
    const lines: Uint8Array[] = [];
    let begin = 0;
    for (let end = bytes.indexOf(LINE_BREAK); end >= 0; end = bytes.indexOf(LINE_BREAK, begin)) {
      lines.push(bytes.subarray(begin, end));
      begin = end + 1;
    }
    rest = bytes.subarray(begin);
    yield { lines, rest: rest.length };
  }
}
