import * as z from 'zod';
import { cells } from '../../config/cells.ts';
import type { ActivationMap, Inspection } from '../../protocol/inspection.ts';
import { type ActivationName, activationName } from '../../protocol/probes.ts';
import { direction } from '../../protocol/verdicts.ts';
import { AgentError } from '../agentError.ts';
import { findModel } from '../runs.ts';
import { runName } from '../schemas.ts';
import { defineTool } from '../tool.ts';

const input = z.strictObject({
  run: runName,
  text: z.string().min(1).max(300).describe('Passage that the model reads.'),
  layer: z.string().optional().describe('Layer. Default: the last one.'),
  direction: direction.default('forward').describe('Direction of a bidirectional layer.'),
  gate: activationName
    .optional()
    .describe(
      'Gate or state. Default: the gate that keeps the memory, such as the forget gate of an LSTM, else the first one.',
    ),
  units: z.int().min(1).max(20).default(5).describe('Number of units to return.'),
});

const output = z.object({
  run: z.string(),
  step: z.int(),
  tokens: z.array(z.string()),
  surprisal: z.array(z.number().nullable()).describe('-ln p of each token in nats; null where nothing predicts it.'),
  layer: z.string(),
  direction,
  gate: z.string(),
  layers: z
    .array(z.object({ layer: z.string(), direction, cell: z.string(), units: z.int(), gates: z.array(z.string()) }))
    .describe('Layers and gates to choose from.'),
  mean: z.array(z.number().nullable()).describe('Mean over all units at each token.'),
  strongest: z
    .array(z.object({ unit: z.int(), range: z.number(), values: z.array(z.number().nullable()) }))
    .describe('Units whose activation varies most over the passage, with their value at each token.'),
});

export const readGates = defineTool({
  name: 'read_gates',
  title: 'Read Gates',
  description:
    'Lets the model of a run read a passage, and returns the surprisal of each token and the values of one gate or state: its mean, and the units that vary most. Use it to see what a unit follows, or which tokens a forget gate reacts to.',
  effect: 'reads',
  cost: 'Loads the model of the run and reads the passage, in seconds.',
  input,
  output,
  async picture({ tokens, layer, direction: way, gate, step, mean, strongest: units }) {
    const rows = [
      { label: 'mean', values: mean },
      ...units.map(({ unit, values }) => ({ label: `unit ${unit}`, values })),
    ];
    const values = rows.flatMap((row) => row.values.flatMap((value) => value ?? []));
    const [least, most] = [Math.min(0, ...values), Math.max(0, ...values)];
    // Gates are between 0 and 1; the scale of signed values has 0 in its middle.
    const size = Math.max(-least, most);
    return Promise.resolve({
      kind: 'map',
      title: `${gate} of ${layer}${way === 'backward' ? ' (backward)' : ''}, step ${step}`,
      columns: tokens,
      rows,
      low: least < 0 ? -size : 0,
      high: least < 0 ? size : Math.max(1, most),
    });
  },
  async run({ run: name, text, layer, direction, gate, units }, context) {
    const { folder, record } = await findModel(name, context);
    return context.trainers.ask({
      threads: record.config.threads,
      signal: context.signal,
      ask: async (trainer, backends) => {
        await trainer.openRun({ folder, backends });
        const read = await trainer.inspect({ reader: 'agent', text, from: 0, top: 0 });
        const chosen = layerOf(read, layer, direction);
        const activation = gate ?? memoryOf(chosen);
        if (activation === undefined || !chosen.activations.includes(activation))
          throw new AgentError(
            `${chosen.layer} has no "${activation ?? ''}". It has: ${chosen.activations.join(', ')}.`,
          );
        const map = await trainer.activationMap({
          inspection: read.id,
          layer: chosen.layer,
          direction: chosen.direction,
          activation,
          sort: 'index',
        });
        const values = valuesOf(map);
        return {
          run: record.id,
          step: read.step,
          tokens: read.tokens,
          surprisal: read.surprisal,
          layer: chosen.layer,
          direction: chosen.direction,
          gate: activation,
          layers: read.layers.map(({ layer: each, direction: way, cell, units: size, activations }) => ({
            layer: each,
            direction: way,
            cell,
            units: size,
            gates: activations,
          })),
          mean: read.tokens.map((_, t) => meanOf(values.flatMap(({ [t]: value }) => value ?? []))),
          strongest: strongest(values, units),
        };
      },
    });
  },
});

type Layer = Inspection['layers'][number];

/** The layer of a name, or the last one. @throws AgentError that lists the layers */
function layerOf({ layers }: Inspection, name: string | undefined, direction: Layer['direction']): Layer {
  const found = layers.findLast((each) => (name === undefined || each.layer === name) && each.direction === direction);
  if (found) return found;
  if (layers.length === 0) throw new AgentError('The model has no recurrent layers, so it has no gates.');
  throw new AgentError(
    `There is no layer "${name ?? ''}" (${direction}). Layers: ${layers.map((each) => `${each.layer} (${each.direction})`).join(', ')}.`,
  );
}

/** The gate that keeps the memory of a layer, else its first state. */
function memoryOf({ cell, activations }: Layer): ActivationName | undefined {
  const memory = Object.values(cells).find(({ name }) => name === cell)?.memoryGate;
  return activations.find((each) => each === memory) ?? activations[0];
}

/** The values of each unit by token; null for one that is not finite. Bytes hold them in 255 steps. */
function valuesOf({ units, timeSteps, low, high, values, holes }: ActivationMap): (number | null)[][] {
  return Array.from({ length: units }, (_, unit) =>
    Array.from({ length: timeSteps }, (_, t) => {
      const at = unit * timeSteps + t;
      return holes?.[at] === 1 ? null : low + ((high - low) * (values[at] ?? 0)) / LARGEST_BYTE;
    }),
  );
}

const LARGEST_BYTE = 255;

function meanOf(values: readonly number[]): number | null {
  return values.length === 0 ? null : values.reduce((sum, each) => sum + each, 0) / values.length;
}

function strongest(values: readonly (readonly (number | null)[])[], most: number) {
  const units = values.map((each, unit) => {
    const finite = each.filter((value) => value !== null);
    const range = finite.length === 0 ? 0 : Math.max(...finite) - Math.min(...finite);
    return { unit, range, values: [...each] };
  });
  return units.sort((a, b) => b.range - a.range).slice(0, most);
}
