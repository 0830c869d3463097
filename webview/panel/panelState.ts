import * as z from 'zod';
import { chartSettings } from '../charts/storedSettings.ts';
import { tabName } from '../../src/protocol/panel.ts';
import { gatesChoice } from './gates/gatesChoice.ts';
import { gradientsChoice } from './gradients/gradientsChoice.ts';
import type { VsCodeApi } from '../vscodeApi.ts';

/**
 * State that the panel keeps across tab switches, reloads of the window and updates of the extension. A field that an
 * older version stored in another form falls back to its default; the others are kept.
 */
const panelState = z.object({
  /** Id of the run. */
  run: z.string().nullable().catch(null),
  /** Selected tab. */
  tab: tabName.catch('loss'),
  /** Settings of each chart, by its id. */
  charts: z.record(z.string(), chartSettings).catch({}),
  /** Ids of the selected charts where several share a slot. */
  chosenCharts: z.array(z.string()).catch([]),
  /** Contents of the sampling form for the run above. */
  sampling: z.object({ temperature: z.number(), prompt: z.string() }).nullable().catch(null),
  /** Selections on the tab "Gradients"; null for the defaults. */
  gradients: gradientsChoice.nullable().catch(null),
  /** Selections on the tab "Gates"; null for the defaults. */
  gates: gatesChoice.nullable().catch(null),
  /** Ids of the compared runs; null for the default comparison of the run above. */
  compared: z.array(z.string()).nullable().catch(null),
  /** Scroll position of the page in pixels. */
  scroll: z.number().nonnegative().catch(0),
});

export type PanelState = z.output<typeof panelState>;

/** Parses a stored state of any version; returns the defaults if there is none. */
function parseState(stored: unknown): PanelState {
  const { success, data } = panelState.safeParse(stored);
  return success ? data : panelState.parse({});
}

/** Holds the state of the panel and stores it in VS Code at every change. */
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
