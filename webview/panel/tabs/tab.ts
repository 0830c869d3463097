import type { TabName } from '../../../src/protocol/applicable.ts';
import type { RemotePanelHost, RunView } from '../../../src/protocol/panel.ts';
import type { ChartSettings, ChartSpec } from '../../charts/spec.ts';
import type { Frames } from '../../frames.ts';
import type { StoredState } from '../../storedState.ts';
import type { PanelState } from '../panelState.ts';

/** A tab of the panel. The host sends data only for the selected tab. */
export interface PanelTab {
  readonly name: TabName;
  readonly element: HTMLElement;
  /** Resets the tab, for another run or a run whose history has changed. */
  show(run: RunView): void;
  /** Updates the tab after a change of the run. */
  update(run: RunView): void;
  /** Redraws the tab when it becomes visible. */
  appear(): void;
}

/** Services that the panel provides to its tabs. */
export interface TabContext {
  readonly frames: Frames;
  readonly store: StoredState<PanelState>;
  readonly host: RemotePanelHost;
  /** Sends a request to the host and shows its error message if it fails. */
  readonly callHost: (request: () => Promise<void>) => Promise<void>;
  /** Parts of the chart context that are the same on every tab. */
  readonly chartServices: {
    settingsChanged(spec: ChartSpec, settings: ChartSettings): void;
    saveFile(format: 'png' | 'svg' | 'csv', title: string, content: string): void;
  };
  /**
   * Called when the content of a tab is loaded and the page has its height, so that the scroll position is restored.
   */
  readonly filled: () => void;
}
