import '../jitless.ts';
import '../language.ts';
import * as l10n from '@vscode/l10n';
import { PICTURE_KEY } from '../../src/protocol/agentPicture.ts';
import { h } from '../dom.ts';
import { Frames } from '../frames.ts';
import { connectToHost } from './appHost.ts';
import type { HostContext, ToolResult } from './hostMessages.ts';
import { pictureView } from './pictureView.ts';

const root = document.getElementById('root');
const prefersDark = matchMedia('(prefers-color-scheme: dark)');
const frames = new Frames();
let theme: HostContext['theme'];

/** The theme of the host, or of the system if the host names none. */
function applyTheme(): void {
  const current = theme ?? (prefersDark.matches ? 'dark' : 'light');
  document.documentElement.dataset['theme'] = current;
  document.body.className = `vscode-${current}`;
}

function show(...parts: readonly HTMLElement[]): void {
  root?.replaceChildren(h('main', { class: 'agent-picture' }, ...parts));
}

function showResult({ _meta: metadata, content }: ToolResult): void {
  const picture = metadata?.[PICTURE_KEY];
  // An error, or a host that passes no metadata on: the text says what the tool answered.
  const text = content.flatMap((part) => part.text ?? []).join('\n');
  show(picture ? pictureView(picture, frames) : h('p', { class: 'answer' }, text));
}

prefersDark.addEventListener('change', applyTheme);
applyTheme();
show(h('p', { role: 'status' }, l10n.t('Waiting for the result...')));
connectToHost(document.querySelector('meta[name="generator"]')?.getAttribute('content') ?? '', {
  contextChanged: (context) => {
    theme = context.theme ?? theme;
    applyTheme();
  },
  resultArrived: showResult,
  callCanceled: () => show(h('p', { role: 'status' }, l10n.t('The call was canceled.'))),
});
