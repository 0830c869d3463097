import type { RemotePanelHost, RunView, TabName } from '../../../src/protocol/panel.ts';
import type { ChartSettings, ChartSpec } from '../../charts/spec.ts';
import type { Frames } from '../../frames.ts';
import type { StateStore } from '../panelState.ts';

/** One tab of the panel. Only the chosen one is on screen, and only for that one the host sends what it shows. */
export interface PanelTab {
  readonly name: TabName;
  readonly element: HTMLElement;
  /** Another run is shown, or the run has lost a part of its past: forgets everything. */
  show(run: RunView): void;
  /** The run shown has changed. */
  update(run: RunView): void;
  /** The tab has come on screen: draws what waited for that. */
  appear(): void;
}

/** What a tab gets from the panel that it stands on. */
export interface TabSurroundings {
  readonly frames: Frames;
  readonly store: StateStore;
  readonly host: RemotePanelHost;
  /** Asks something of the host; a refusal is shown in the host's words. */
  readonly ask: (request: () => Promise<void>) => Promise<void>;
  /** The parts of a chart's surroundings that are the same on every tab. */
  readonly chartServices: {
    settingsChanged(spec: ChartSpec, settings: ChartSettings): void;
    saveFile(format: 'png' | 'svg' | 'csv', title: string, content: string): void;
  };
  /** The content of a tab has come in: the page has its height, and can be scrolled to where it was. */
  readonly filled: () => void;
}
