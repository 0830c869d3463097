import { runColors } from './runColors.ts';
import { color } from 'chart.js/helpers';
import type { ThemeKind } from './colorMap.ts';
import type { LineColors } from './lineColor.ts';

/** Colors and fonts of the VS Code theme, for drawing on a canvas. */
export interface Theme extends LineColors {
  readonly foreground: string;
  readonly muted: string;
  readonly grid: string;
  readonly background: string;
  readonly font: string;
  /** The editor's monospaced font. */
  readonly mono: string;
  readonly kind: ThemeKind;
  readonly highContrast: boolean;
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
      // Opaque, as in base.css: the themes Dark Modern and Light Modern have a third of this color.
      orange: color(variable('charts-orange')).alpha(1).hexString() ?? foreground,
      purple: variable('charts-purple'),
      green: variable('charts-green'),
      yellow: variable('charts-yellow'),
      red: variable('charts-red'),
    },
    runColors: runColors[kind === 'light' || kind === 'highContrastLight' ? 'light' : 'dark'],
  };
}

/** Reads the kind of theme from the classes of the body. A light high-contrast theme has both high-contrast classes. */
function themeKind(classes: DOMTokenList): ThemeKind {
  if (classes.contains('vscode-high-contrast-light')) return 'highContrastLight';
  if (classes.contains('vscode-high-contrast')) return 'highContrast';
  return classes.contains('vscode-light') ? 'light' : 'dark';
}

/**
 * Calls `onChange` after VS Code has applied another theme, which sets classes of the body and variables of the root.
 * @returns a function that stops the observation
 */
export function onThemeChange(onChange: () => void): () => void {
  const observer = new MutationObserver(onChange);
  observer.observe(document.body, { attributes: true, attributeFilter: ['class', 'data-vscode-theme-id'] });
  observer.observe(document.documentElement, { attributes: true, attributeFilter: ['style'] });
  return () => observer.disconnect();
}
