import { APPS_VERSION, type HostContext, hostMessage, initialized, type ToolResult } from './hostMessages.ts';

export interface HostListener {
  readonly contextChanged: (context: HostContext) => void;
  readonly resultArrived: (result: ToolResult) => void;
  readonly callCanceled: () => void;
}

/** Id of the only request of the page. */
const INITIALIZE = 1;

/** Connects the page to the program that shows it, and reports the size of the page. @param version of the product */
export function connectToHost(version: string, { contextChanged, resultArrived, callCanceled }: HostListener): void {
  const send = (message: object) => parent.postMessage({ jsonrpc: '2.0', ...message }, '*');
  addEventListener('message', ({ source, data }: MessageEvent<unknown>) => {
    if (source !== parent) return;
    const first = initialized.safeParse(data);
    if (first.success && first.data.id === INITIALIZE) {
      contextChanged(first.data.result.hostContext ?? {});
      send({ method: 'ui/notifications/initialized', params: {} });
      reportSize((size) => send({ method: 'ui/notifications/size-changed', params: size }));
      return;
    }
    const { success, data: message } = hostMessage.safeParse(data);
    if (!success) return;
    if ('id' in message) send({ id: message.id, result: {} });
    else if (message.method === 'ui/notifications/tool-result') resultArrived(message.params);
    else if (message.method === 'ui/notifications/host-context-changed') contextChanged(message.params);
    else callCanceled();
  });
  send({
    id: INITIALIZE,
    method: 'ui/initialize',
    params: {
      protocolVersion: APPS_VERSION,
      appInfo: { name: 'sequence-lab', version },
      appCapabilities: { availableDisplayModes: ['inline'] },
    },
  });
}

/** Reports the size of the document now and whenever it changes. */
function reportSize(report: (size: { readonly width: number; readonly height: number }) => void): void {
  const root = document.documentElement;
  let last = '';
  new ResizeObserver(() => {
    const size = { width: root.clientWidth, height: Math.ceil(root.getBoundingClientRect().height) };
    if (JSON.stringify(size) === last) return;
    last = JSON.stringify(size);
    report(size);
  }).observe(root);
}
