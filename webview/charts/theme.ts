import { color } from 'chart.js/helpers';
import type { ThemeKind } from './colorMap.ts';
import type { ColorName } from './spec.ts';

/** What a canvas needs of VS Code's theme, as colors that it can draw with. */
export interface Theme {
  readonly foreground: string;
  readonly muted: string;
  readonly grid: string;
  readonly background: string;
  readonly font: string;
  /** The editor's font, whose letters have one width. */
  readonly mono: string;
  readonly kind: ThemeKind;
  readonly highContrast: boolean;
  readonly colors: Readonly<Record<ColorName, string>>;
}

/** Reads the theme's variables from the document. */
export function readTheme(): Theme {
  const style = getComputedStyle(document.body);
  const foreground = style.getPropertyValue('--vscode-foreground').trim() || style.color;
  const variable = (name: string) => style.getPropertyValue(`--vscode-${name}`).trim() || foreground;
  const kind = themeKind(document.body.classList);
  const highContrast = kind === 'highContrast' || kind === 'highContrastLight';
  return {
    foreground,
    muted: highContrast ? foreground : variable('descriptionForeground'),
    grid: color(variable('charts-lines'))
      .alpha(highContrast ? 0.3 : 0.15)
      .rgbString(),
    background: style.backgroundColor,
    font: style.fontFamily,
    mono: style.getPropertyValue('--vscode-editor-font-family').trim() || 'monospace',
    kind,
    highContrast,
    colors: {
      blue: variable('charts-blue'),
      orange: variable('charts-orange'),
      purple: variable('charts-purple'),
      green: variable('charts-green'),
      yellow: variable('charts-yellow'),
      red: variable('charts-red'),
    },
  };
}

/** VS Code writes the kind of the theme on the body; a light high contrast theme wears both of its classes. */
function themeKind(classes: DOMTokenList): ThemeKind {
  if (classes.contains('vscode-high-contrast-light')) return 'highContrastLight';
  if (classes.contains('vscode-high-contrast')) return 'highContrast';
  return classes.contains('vscode-light') ? 'light' : 'dark';
}

/**
 * Calls back after VS Code has put another theme on the document: it sets classes of the body and variables of the
 * root.
 * @returns what ends it
 */
export function onThemeChange(changed: () => void): () => void {
  const observer = new MutationObserver(changed);
  observer.observe(document.body, { attributes: true, attributeFilter: ['class', 'data-vscode-theme-id'] });
  observer.observe(document.documentElement, { attributes: true, attributeFilter: ['style'] });
  return () => observer.disconnect();
}
