import { Generator } from '../../random/generator.ts';
import { shuffled } from '../labeled/split.ts';
import type { TextDocument } from './readDocuments.ts';

/** Numbers of the documents of each part of a corpus, in the order of the corpus. */
export interface DocumentParts {
  readonly train: readonly number[];
  readonly validation: readonly number[];
}

/**
 * Splits a corpus of several documents by whole documents. Documents are drawn in random order into the validation part
 * while that brings it closer to its share of the characters. Copies of a document stay together, so that validation does
 * not contain training texts.
 * @returns an empty validation part if all documents are copies of one
 */
export function splitDocuments(
  documents: readonly Pick<TextDocument, 'characters' | 'sha256'>[],
  validationShare: number,
  seed: number,
): DocumentParts {
  const copies = new Map<string, { readonly indices: number[]; characters: number }>();
  documents.forEach(({ characters, sha256 }, index) => {
    const group = copies.get(sha256) ?? { indices: [], characters: 0 };
    group.indices.push(index);
    group.characters += characters;
    copies.set(sha256, group);
  });
  const groups = shuffled([...copies.values()], Generator.forPurpose(seed, 'split'));
  let left = validationShare * groups.reduce((sum, { characters }) => sum + characters, 0);
  const chosen = new Set<number>();
  for (const { indices, characters } of groups) {
    if (Math.abs(left - characters) >= Math.abs(left)) continue;
    left -= characters;
    for (const index of indices) chosen.add(index);
  }
  if (chosen.size === 0 && groups.length > 1) {
    // Every document is larger than the share: the smallest is better than none.
    const smallest = groups.reduce((least, group) => (group.characters < least.characters ? group : least));
    for (const index of smallest.indices) chosen.add(index);
  }
  const all = documents.map((_, index) => index);
  return { train: all.filter((index) => !chosen.has(index)), validation: all.filter((index) => chosen.has(index)) };
}
