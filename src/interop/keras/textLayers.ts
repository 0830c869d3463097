import * as z from 'zod';
import { phrase, type Text } from '../../phrases/phrase.ts';
import type { LayerConfig } from '../layerList/layerRecord.ts';
import { notRecognized } from '../recognized.ts';

/** Layers of Keras that turn texts into ids, whose vocabularies are in the file. */

const lookup = z.object({
  output_mode: z.string().nullish(),
  vocabulary: z.array(z.string()).nullish(),
  num_oov_indices: z.int().nonnegative().default(1),
  mask_token: z.string().nullish(),
  oov_token: z.string().default('[UNK]'),
  ngrams: z.unknown().optional(),
  invert: z.boolean().default(false),
  standardize: z.unknown().default('lower_and_strip_punctuation'),
  split: z.unknown().default('whitespace'),
  output_sequence_length: z.int().positive().nullish(),
  encoding: z.string().nullish(),
});

/** Classes of layers, and whether the id 0 is that of padding. */
const TEXT_LAYERS: ReadonlyMap<string, boolean> = new Map([
  ['TextVectorization', true],
  ['StringLookup', false],
]);

/** Name of padding, which Keras keeps as an empty text. */
const PADDING = '<pad>';

/** The tokens of a model that reads texts, and its other layers. */
export interface TextLayers {
  readonly layers: readonly LayerConfig[];
  readonly tokens: readonly string[] | undefined;
  readonly found: readonly Text[];
}

/**
 * Separates the layer that turns texts into ids from the others.
 * @param asset content of a file in the archive that a layer wrote, by the name of the layer's class
 * @param name name of the file, for errors
 * @throws UnusableError for a layer that gives no id for each token, and for one without a vocabulary
 */
export function separateTextLayers(
  layers: readonly LayerConfig[],
  asset: (className: string) => string | undefined,
  name: string,
): TextLayers {
  const own = layers.find(({ className }) => TEXT_LAYERS.has(className));
  if (!own) return { layers, tokens: undefined, found: [] };
  const config = lookup.safeParse(own.config).data;
  if (!config || config.invert || (config.output_mode ?? 'int') !== 'int' || config.ngrams != null)
    throw notRecognized(name, phrase('its layer "{0}" gives no id for each token', own.name));
  const isText = TEXT_LAYERS.get(own.className) === true;
  if (isText) checkText(config, own.name, name);
  const words = config.vocabulary ?? asset(own.className)?.replace(/\n+$/, '').split('\n');
  if (!words) throw notRecognized(name, phrase('its layer "{0}" has no vocabulary', own.name));
  const mask = isText ? '' : config.mask_token;
  const special = [
    ...(mask == null ? [] : [mask]),
    ...Array.from({ length: isText ? 1 : config.num_oov_indices }, () => config.oov_token),
  ];
  const isWhole = special.every((token, id) => words[id] === token);
  const tokens = isWhole ? words : [...special, ...words];
  return {
    layers: layers.filter((layer) => layer !== own),
    tokens: tokens.map((token, id) => (id === 0 && token === mask && token === '' ? PADDING : token)),
    found: [
      phrase('vocabulary: {0} tokens of the layer "{1}"', tokens.length, own.name),
      ...(isText ? differences(config, layers, own.name) : []),
    ],
  };
}

/** Rules of Keras that change the characters of a text, and that split it. */
const STANDARDIZE: readonly unknown[] = [null, 'lower_and_strip_punctuation', 'lower', 'strip_punctuation'];
const SPLIT: readonly unknown[] = ['whitespace', 'character'];

type TextConfig = z.output<typeof lookup>;

/** @throws UnusableError for rules of somebody, which are in no file */
function checkText({ standardize, split, encoding }: TextConfig, layer: string, name: string): void {
  if (!STANDARDIZE.includes(standardize))
    throw notRecognized(
      name,
      phrase('its layer "{0}" changes texts with a custom function (standardize), which is not in the file', layer),
    );
  if (!SPLIT.includes(split))
    throw notRecognized(
      name,
      phrase('its layer "{0}" does not split texts at white space or into characters (split)', layer),
    );
  if (encoding != null && !/^utf-?8$/i.test(encoding))
    throw notRecognized(
      name,
      phrase('its layer "{0}" reads texts in the encoding "{1}"; UTF-8 is known', layer, encoding),
    );
}

/** How texts are read otherwise than by Keras. */
function differences(config: TextConfig, layers: readonly LayerConfig[], layer: string): readonly Text[] {
  const { standardize, split, output_sequence_length: length } = config;
  const strips = typeof standardize === 'string' && standardize.includes('strip_punctuation');
  const isMasked = layers.some(
    ({ className, config: options }) => className === 'Embedding' && options['mask_zero'] === true,
  );
  return [
    ...(split === 'whitespace'
      ? [
          strips
            ? phrase(
                'the layer "{0}" removes punctuation within words, so that "don\'t" is "dont" there; texts here are split at punctuation',
                layer,
              )
            : phrase('the layer "{0}" splits at white space only; texts here are split at punctuation, too', layer),
        ]
      : []),
    ...(split === 'character' && strips
      ? [phrase('the layer "{0}" removes punctuation; texts here keep it', layer)]
      : []),
    ...(length != null
      ? [
          isMasked
            ? phrase('the layer "{0}" cuts texts after {1} tokens; texts here are read to their end', layer, length)
            : phrase(
                'the layer "{0}" cuts or pads texts to {1} tokens, and the model reads the padding there; texts here are read to their end, without padding',
                layer,
                length,
              ),
        ]
      : []),
  ];
}
