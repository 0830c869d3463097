import { color } from 'chart.js/helpers';
import type { ColourName } from './spec.ts';

/** What a canvas needs of VS Code's theme, as colours that it can draw with. */
export interface Theme {
  readonly foreground: string;
  readonly muted: string;
  readonly grid: string;
  readonly background: string;
  readonly font: string;
  readonly highContrast: boolean;
  readonly colours: Readonly<Record<ColourName, string>>;
}

/** Reads the theme's variables from the document. */
export function readTheme(): Theme {
  const style = getComputedStyle(document.body);
  const foreground = style.getPropertyValue('--vscode-foreground').trim() || style.color;
  const variable = (name: string) => style.getPropertyValue(`--vscode-${name}`).trim() || foreground;
  const highContrast = ['vscode-high-contrast', 'vscode-high-contrast-light'].some((name) =>
    document.body.classList.contains(name),
  );
  return {
    foreground,
    muted: highContrast ? foreground : variable('descriptionForeground'),
    grid: color(variable('charts-lines')).alpha(highContrast ? 0.3 : 0.15).rgbString(),
    background: variable('editor-background'),
    font: style.fontFamily,
    highContrast,
    colours: {
      blue: variable('charts-blue'),
      orange: variable('charts-orange'),
      purple: variable('charts-purple'),
      green: variable('charts-green'),
      yellow: variable('charts-yellow'),
      red: variable('charts-red'),
    },
  };
}

/** Calls back after VS Code has put another theme on the document: it sets classes of the body and variables of the root. */
export function onThemeChange(changed: () => void): void {
  const observer = new MutationObserver(changed);
  observer.observe(document.body, { attributes: true, attributeFilter: ['class', 'data-vscode-theme-id'] });
  observer.observe(document.documentElement, { attributes: true, attributeFilter: ['style'] });
}
