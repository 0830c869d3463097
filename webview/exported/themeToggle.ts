import * as l10n from '@vscode/l10n';
import { button } from '../dom.ts';

type Theme = 'dark' | 'light';

const LABELS: Readonly<Record<Theme, string>> = { dark: l10n.t('Light theme'), light: l10n.t('Dark theme') };

const prefersDark = matchMedia('(prefers-color-scheme: dark)');

/** Creates a button that switches between the light and the dark theme. The first theme is that of the system. */
export function themeToggle(): HTMLButtonElement {
  let chosen: Theme | null = null;
  const current = (): Theme => chosen ?? (prefersDark.matches ? 'dark' : 'light');
  const toggle = button('', { class: 'theme-toggle' }, () => {
    chosen = current() === 'dark' ? 'light' : 'dark';
    apply();
  });
  const apply = () => {
    const theme = current();
    document.documentElement.dataset['theme'] = theme;
    document.body.className = `vscode-${theme}`;
    toggle.textContent = LABELS[theme];
  };
  prefersDark.addEventListener('change', apply);
  apply();
  return toggle;
}
