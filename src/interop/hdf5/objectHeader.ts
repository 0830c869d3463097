import { phrase, PhrasedError } from '../../phrases/phrase.ts';
import type { ByteReader } from './byteReader.ts';

/** Numbers of the messages that are read. */
export const MESSAGES = {
  dataspace: 0x01,
  linkInfo: 0x02,
  datatype: 0x03,
  link: 0x06,
  external: 0x07,
  layout: 0x08,
  filters: 0x0b,
  attribute: 0x0c,
  continuation: 0x10,
  symbolTable: 0x11,
} as const;

/** A message of the header of a group or dataset. */
export interface Message {
  readonly type: number;
  /** Whether the content is in another object. */
  readonly isShared: boolean;
  /** A reader at the beginning of its content. */
  readonly reader: () => ByteReader;
}

const MOST_MESSAGES = 2000;
const SHARED = 2;

/**
 * The messages of the header of an object, with those of its continuations.
 * @throws PhrasedError for a damaged header
 */
export function headerMessages(file: ByteReader, address: number): Message[] {
  const start = file.at(address);
  const isSecond = start.part(4).text() === 'OHDR';
  const messages: Message[] = [];
  const blocks: { reader: ByteReader; tracked: boolean }[] = [
    isSecond ? secondHeader(file.at(address)) : firstHeader(file.at(address)),
  ];
  for (let block = blocks.shift(); block; block = blocks.shift()) {
    const { reader, tracked } = block;
    const least = isSecond ? 4 + (tracked ? 2 : 0) : 8;
    while (reader.left >= least) {
      const type = isSecond ? reader.u8() : reader.u16();
      const size = reader.u16();
      const flags = reader.u8();
      if (!isSecond) reader.skip(3);
      else if (tracked) reader.skip(2);
      const content = reader.part(size);
      if (messages.length + blocks.length >= MOST_MESSAGES)
        throw new PhrasedError(phrase('An object has more than {0} messages.', MOST_MESSAGES));
      messages.push({ type, isShared: (flags & SHARED) !== 0, reader: () => content.at(0) });
      if (type !== MESSAGES.continuation) continue;
      const next = content.at(0);
      const part = file.at(next.address()).part(next.length());
      if (isSecond) part.signature('OCHK');
      blocks.push({ reader: isSecond ? part.part(part.left - CHECKSUM) : part, tracked });
    }
  }
  return messages;
}

const CHECKSUM = 4;

function firstHeader(reader: ByteReader): { reader: ByteReader; tracked: boolean } {
  const version = reader.u8();
  if (version !== 1) throw new PhrasedError(phrase('It is damaged: a header has the version {0}.', version));
  reader.skip(7);
  const size = reader.u32();
  reader.skip(4);
  return { reader: reader.part(size), tracked: false };
}

function secondHeader(reader: ByteReader): { reader: ByteReader; tracked: boolean } {
  reader.signature('OHDR');
  const version = reader.u8();
  if (version !== 2) throw new PhrasedError(phrase('It is damaged: a header has the version {0}.', version));
  const flags = reader.u8();
  if (flags & 32) reader.skip(16);
  if (flags & 16) reader.skip(4);
  const size = reader.unsigned(1 << (flags & 3));
  return { reader: reader.part(size), tracked: (flags & 4) !== 0 };
}
