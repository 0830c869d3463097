import { basename, dirname, join } from 'node:path';
import { Tokenizer } from '../../data/tokenizers/tokenizer.ts';
import { gpt2Tokenizer, isTokenizerJson, parseTokenizer } from '../../data/tokenizers/tokenizerJson.ts';
import { TokenizerWords } from '../../data/tokenizers/tokenizerWords.ts';
import { readVocabulary } from '../../interop/vocabulary.ts';
import { UnusableError, textOf } from '../../phrases/causes.ts';
import { phrase } from '../../phrases/phrase.ts';
import { disk, exists, fileInfo } from '../../platform/files.ts';
import { firstExisting } from '../../platform/firstExisting.ts';
import type { Tokens } from './importedModel.ts';

/** Files and names that say what a model of another program means. */
export interface Naming {
  /** File with the tokens by id; one next to the weights if omitted. */
  readonly vocabulary?: string | undefined;
  /** File with the tokens that a decoder writes; one next to the weights, or that of the inputs, if omitted. */
  readonly targetVocabulary?: string | undefined;
  /** Names of the classes or tags by output. */
  readonly labels?: readonly string[] | undefined;
  /** Columns that a forecaster reads, and those that it forecasts. */
  readonly columns?: readonly string[] | undefined;
  readonly targets?: readonly string[] | undefined;
  /** Steps that a forecaster reads. */
  readonly window?: number | undefined;
}

/** Names of vocabularies next to weights, those that say most first. */
const NEIGHBORS = ['vocabulary.json', 'tokenizer.json', 'vocab.json', 'vocab.txt'] as const;
const SOURCES = ['source-vocabulary.json', ...NEIGHBORS] as const;
const TARGETS = ['target-vocabulary.json'] as const;
/** The pairs of byte-pair encoding, next to `vocab.json`. */
const MERGES = 'merges.txt';
export const LARGEST_VOCABULARY = 100_000_000;

/** The vocabulary next to weights; undefined without one. */
export async function neighborVocabulary(file: string): Promise<string | undefined> {
  return neighborOf(file, SOURCES);
}

/** True if a vocabulary of the target is next to weights. */
export async function hasTargetVocabulary(file: string): Promise<boolean> {
  return (await neighborOf(file, TARGETS)) !== undefined;
}

async function neighborOf(file: string, names: readonly string[]): Promise<string | undefined> {
  return firstExisting(names.map((name) => join(dirname(file), name)));
}

/**
 * The vocabularies of a model.
 * @param model whether it writes tokens of another one, and whether it may read numbers, as its weights fit both
 * @throws UnusableError for content of another kind, and without a file, with how to write one
 */
export async function vocabulariesOf(
  { file, vocabulary, targetVocabulary }: Naming & { readonly file: string },
  { hasTarget, mayReadNumbers }: { readonly hasTarget: boolean; readonly mayReadNumbers: boolean },
): Promise<{ readonly vocabulary: Tokens; readonly target: Tokens | undefined }> {
  const source = vocabulary ?? (await neighborOf(file, hasTarget ? SOURCES : NEIGHBORS));
  if (source === undefined && mayReadNumbers)
    throw new UnusableError(
      phrase(
        'Weights have no vocabulary. If the model reads tokens, choose a file with the tokens by id, such as a JSON list, or put it next to the weights as {0}. If it reads numbers, it is a forecaster: choose that kind.',
        NEIGHBORS[0],
      ),
      { option: 'kind' },
    );
  if (source === undefined)
    throw new UnusableError(
      phrase(
        'Weights have no vocabulary. Choose a file with the tokens by id, such as a JSON list, or put it next to the weights as {0}.',
        NEIGHBORS[0],
      ),
      { option: 'vocabulary' },
    );
  const target = hasTarget ? (targetVocabulary ?? (await neighborOf(file, TARGETS))) : undefined;
  return { vocabulary: await readTokens(source), target: target === undefined ? undefined : await readTokens(target) };
}

/** The tokens of a file by id, with the tokenizer that finds them if the file says how. */
async function readTokens(path: string): Promise<Tokens> {
  const name = basename(path);
  const text = await readTextBounded(path);
  const json = jsonOf(text);
  const merges = join(dirname(path), MERGES);
  const spec = isTokenizerJson(json)
    ? parseTokenizer(json, name)
    : name === 'vocab.json' && (await exists(merges))
      ? gpt2Tokenizer(json, await readTextBounded(merges), name)
      : undefined;
  // Without rules that split a text, the tokens are a list.
  const isList = spec?.model.type === 'WordLevel' && spec.preTokenizers.length + spec.normalizers.length === 0;
  if (!spec || isList) return { tokens: readVocabulary(text, name), name };
  const tokenizer = new Tokenizer(spec, name);
  return { tokens: tokenizer.contents, name, tokenizer: new TokenizerWords(tokenizer) };
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

async function readTextBounded(path: string): Promise<string> {
  return new TextDecoder().decode(await readBounded(path, LARGEST_VOCABULARY));
}

/** The content of a file. @throws UnusableError if it is no file, or larger than `limit` */
export async function readBounded(path: string, limit: number): Promise<Uint8Array> {
  const info = await fileInfo(path).catch((error: unknown) => {
    throw new UnusableError(phrase('"{0}" cannot be read. {1}', path, textOf(error)), { cause: error });
  });
  if (!info.isFile) throw new UnusableError(phrase('"{0}" is not a file.', path));
  if (info.size > limit)
    throw new UnusableError(phrase('"{0}" has {1} bytes; at most {2} can be read.', path, info.size, limit));
  return disk.read(path);
}
