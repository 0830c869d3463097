import type { Frames } from '../frames.ts';
import { panelState, type PanelState } from '../panel/panelState.ts';
import type { TabContext } from '../panel/tabs/tab.ts';
import { StoredState } from '../storedState.ts';
import { type NamedRun, savePicture } from './saveFile.ts';

/** Services of the page for the views that it shares with the panel. */
export type PageServices = Pick<TabContext, 'frames' | 'store' | 'chartServices'>;

/** The services of a page whose files are named after a run; null for several runs. */
export function pageServices(frames: Frames, run: NamedRun | null): PageServices {
  // A file keeps no state: it opens as it was exported.
  const api = { postMessage: () => undefined, getState: () => undefined, setState: () => undefined };
  const store = new StoredState<PanelState>(panelState, api);
  return {
    frames,
    store,
    chartServices: {
      settingsChanged: (spec, settings) => store.change({ charts: { ...store.current.charts, [spec.id]: settings } }),
      saveFile: (format, title, content) => savePicture(run, format, title, content),
    },
  };
}
