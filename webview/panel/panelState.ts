import * as z from 'zod';
import { chartSettings } from '../charts/storedSettings.ts';
import { tabName } from '../../src/protocol/panel.ts';
import { gatesChoice } from './gates/gatesChoice.ts';
import { gradientsChoice } from './gradients/gradientsChoice.ts';
import type { VsCodeApi } from '../vscodeApi.ts';

/**
 * What the panel keeps over a tab switch, a reload of the window and an update of the extension. A field
 * that an older version wrote in another form falls back to its default alone.
 */
const panelState = z.object({
  /** The run shown. */
  run: z.string().nullable().catch(null),
  /** The tab on screen. */
  tab: tabName.catch('loss'),
  /** Settings of each chart, by its id. */
  charts: z.record(z.string(), chartSettings).catch({}),
  /** Ids of the charts chosen where several share a place. */
  chosenCharts: z.array(z.string()).catch([]),
  /** What stands in the sampling fields, for the run above. */
  sampling: z.object({ temperature: z.number(), prompt: z.string() }).nullable().catch(null),
  /** What is shown on the tab "Gradients"; null before anything was chosen. */
  gradients: gradientsChoice.nullable().catch(null),
  /** What is shown on the tab "Gates"; null before anything was chosen. */
  gates: gatesChoice.nullable().catch(null),
  /** The runs compared with the run above; null: those of its own comparison. */
  compared: z.array(z.string()).nullable().catch(null),
  /** How far the page is scrolled, in pixels. */
  scroll: z.number().nonnegative().catch(0),
});

export type PanelState = z.output<typeof panelState>;

/** Reads a stored state of any age, or none at all. */
export function parseState(stored: unknown): PanelState {
  const { success, data } = panelState.safeParse(stored);
  return success ? data : panelState.parse({});
}

/** The panel's state, written to VS Code at every change. */
export class StateStore {
  readonly #api: VsCodeApi;
  #state: PanelState;

  constructor(api: VsCodeApi) {
    this.#api = api;
    this.#state = parseState(api.getState());
  }

  get current(): PanelState {
    return this.#state;
  }

  change(changed: Partial<PanelState>): void {
    this.#state = { ...this.#state, ...changed };
    this.#api.setState(this.#state);
  }
}
