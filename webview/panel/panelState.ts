import * as z from 'zod';
import { chartSettings } from '../charts/storedSettings.ts';
import { tabName } from '../../src/protocol/applicable.ts';
import { explainChoice } from './explain/explainChoice.ts';
import { generationRequest } from '../../src/protocol/generation.ts';
import { gatesChoice } from './gates/gatesChoice.ts';
import { gradientsChoice } from './gradients/gradientsChoice.ts';

/** Schema of the panel's stored state. */
export const panelState = z.object({
  /** Id of the run. */
  run: z.string().nullable().catch(null),
  /** Tab that the user has selected; null for the first tab of the run. */
  tab: tabName.nullable().catch(null),
  /** Settings of each chart, by its id. */
  charts: z.record(z.string(), chartSettings).catch({}),
  /** Ids of the selected charts where several share a slot. */
  chosenCharts: z.array(z.string()).catch([]),
  /** Contents of the sampling form for the run above. */
  sampling: z.object({ temperature: z.number(), prompt: z.string() }).nullable().catch(null),
  /** Contents of the form of the tab "Generate" for the run above; null for the defaults. */
  generation: generationRequest.nullable().catch(null),
  /** Selections on the tab "Gradients"; null for the defaults. */
  gradients: gradientsChoice.nullable().catch(null),
  /** Selections on the tab "Gates"; null for the defaults. */
  gates: gatesChoice.nullable().catch(null),
  /** Selections on the tab "Explain"; null for the defaults. */
  explain: explainChoice.nullable().catch(null),
  /** Ids of the compared runs; null for the default comparison of the run above. */
  compared: z.array(z.string()).nullable().catch(null),
  /** Step of the compared probes; null for the best step of each run. */
  comparedStep: z.int().nonnegative().nullable().catch(null),
  /** Scroll position of the page in pixels. */
  scroll: z.number().nonnegative().catch(0),
});

export type PanelState = z.output<typeof panelState>;
