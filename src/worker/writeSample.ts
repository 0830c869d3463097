import type { RunConfig } from '../config/schema.ts';
import { Generator } from '../random/generator.ts';
import type { TextWriter } from '../training/textWriter.ts';

/**
 * The text that the model of a run writes at a step, by the rules of its configuration.
 * @param goOn awaited after each token; false ends the text
 */
export async function writeSample(
  writer: TextWriter,
  { seed, sampling }: Pick<RunConfig, 'seed' | 'sampling'>,
  { step, ...given }: { readonly step: number; readonly prompt: string; readonly temperature: number },
  goOn: () => Promise<boolean>,
): Promise<string> {
  const { length, ...drawing } = sampling;
  const generator = Generator.forPurpose(seed, `sample ${step}`);
  let text = '';
  for await (const piece of writer.write({ ...drawing, ...given, label: null, length, generator })) {
    text += piece.text;
    if (!(await goOn())) break;
  }
  return text;
}
