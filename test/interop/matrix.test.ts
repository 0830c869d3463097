import assert from 'node:assert/strict';
import { referenceBackend } from '../../src/backends/reference.ts';
import { PORTABLE_FORMATS } from '../../src/config/portableFormats.ts';
import type { ImportedKind } from '../../src/config/recognitionChoices.ts';
import { portableFormats } from '../../src/interop/formats.ts';
import { importFormatOf, type ModelFile } from '../../src/interop/importFormats.ts';
import type { PortableModel, PortableShape } from '../../src/interop/portable.ts';
import type { NamedTensor } from '../../src/models/weights.ts';
import { UnusableError } from '../../src/phrases/causes.ts';
import { portableModel } from '../../src/worker/portable/portableNetwork.ts';
import { checkResults, type Outcome } from '../harness/interopResults.ts';
import { randomNetworks } from '../fixtures/randomNetworks.ts';

/** Largest difference of weights relative to the largest; undefined for other names or shapes. */
function differenceOf(found: readonly NamedTensor[], expected: readonly NamedTensor[]): number | undefined {
  const byName = new Map(found.map((tensor) => [tensor.name, tensor]));
  if (byName.size !== expected.length) return undefined;
  let [difference, largest] = [0, 0];
  for (const { name, shape, values } of expected) {
    const own = byName.get(name);
    if (own?.shape.join() !== shape.join()) return undefined;
    values.forEach((value, at) => {
      difference = Math.max(difference, Math.abs(value - (own.values[at] ?? NaN)));
      largest = Math.max(largest, Math.abs(value));
    });
  }
  return difference / Math.max(1, largest);
}

function kindOf({ network, inputs, outputs, inputKind }: PortableShape): ImportedKind | undefined {
  if (network === 'encoder-decoder') return 'sequence-to-sequence';
  if (network === 'every-step') return inputs === outputs ? 'language-model' : 'tagger';
  return network === 'last-step' ? (inputKind === 'vectors' ? 'forecaster' : 'classifier') : undefined;
}

/** Formats of weights only; the others have the structure of a model, so that nothing is chosen. */
const OF_WEIGHTS: ReadonlySet<string> = new Set(['safetensors', 'pytorch']);

/** What the user would choose for a model. */
function choicesFor(shape: PortableShape) {
  const { cell, activation, network, pooling } = shape;
  const kind = kindOf(shape);
  return {
    kind,
    ...(cell === 'rnn' && activation !== 'linear' && { activation }),
    ...(kind === 'classifier' && pooling !== 'attention' && { pooling }),
    ...(network === 'conditioned' && { kind: 'language-model' as const }),
  };
}

/** Fields of a structure that change what a model computes. */
function meaningOf({ separate: _separate, ...shape }: PortableShape): string {
  return JSON.stringify(Object.entries(shape).sort(([a], [b]) => (a < b ? -1 : 1)));
}

describe('models in the formats of other programs', function () {
  this.timeout(120_000);
  before(async () => {
    await referenceBackend.load({ home: '', tensorflowPath: '', threads: 1 });
  });

  for (const format of PORTABLE_FORMATS) {
    const written = async (use: (model: PortableModel, file: ModelFile) => Promise<number | 'other'>) => {
      const outcomes: { shape: PortableShape; outcome: Outcome }[] = [];
      for (const { network } of randomNetworks()) {
        const { shape } = network;
        if (portableFormats[format].obstacle(shape)) {
          outcomes.push({ shape, outcome: 'refused' });
          continue;
        }
        const model = await portableModel(network);
        const files: Readonly<Record<string, Uint8Array>> = portableFormats[format].files(model);
        const [[name, bytes] = ['', new Uint8Array()]] = Object.entries(files);
        const file = { name, bytes, neighbor: (other: string) => Promise.resolve(files[other]) };
        let outcome: Outcome = 'refused';
        try {
          const difference = await use(model, file);
          outcome = difference === 'other' ? 'other' : { difference, spelled: false };
        } catch (error) {
          if (!(error instanceof UnusableError)) throw error;
        }
        outcomes.push({ shape, outcome });
      }
      return outcomes;
    };

    it(`have the same weights with their structure, or are refused: ${format}`, async () => {
      const outcomes = await written(async ({ shape, tensors }, file) => {
        const difference = differenceOf(await importFormatOf(file).exported(file, shape), tensors);
        assert.ok(difference !== undefined, 'other weights');
        return difference;
      });
      checkResults('again', format, outcomes);
    });

    it(`are recognized as what they are by names and shapes, or are refused: ${format}`, async () => {
      const outcomes = await written(async ({ shape, tensors }, file) => {
        const { isSpelledOut } = portableFormats[format];
        const { recognize } = importFormatOf(file);
        const choices = choicesFor(shape);
        const own = await recognize(file, OF_WEIGHTS.has(format) ? choices : {});
        // Only the user can tell one-hot vectors from others.
        const isAsked = own.kind !== choices.kind && shape.inputKind === 'ids' && own.shape.inputKind === 'vectors';
        const found = isAsked ? await recognize(file, { kind: choices.kind }) : own;
        // The other program has no layer for it, and would train another model.
        if (isSpelledOut?.(shape) || meaningOf(found.shape) !== meaningOf(shape)) return 'other';
        return differenceOf(found.tensors, tensors) ?? 'other';
      });
      checkResults('recognized', format, outcomes);
    });
  }
});
