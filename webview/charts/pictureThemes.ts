import * as l10n from '@vscode/l10n';
import { runColors } from './runColors.ts';
import type { Theme } from './theme.ts';

/** Colors of a picture: those on screen, or chosen ones. */
export const PICTURE_THEMES = ['shown', 'light', 'dark', 'transparent'] as const;
export type PictureTheme = (typeof PICTURE_THEMES)[number];

/** Names of the themes in the menu and in names of files. */
export const pictureThemeNames: Readonly<Record<PictureTheme, () => string>> = {
  shown: () => l10n.t('as shown'),
  light: () => l10n.t('light'),
  dark: () => l10n.t('dark'),
  transparent: () => l10n.t('transparent'),
};

type Colors = Omit<Theme, 'font' | 'mono'>;

/** The colors of Light Modern on white. */
const light: Colors = {
  foreground: '#1f1f1f',
  muted: '#5c5c5c',
  grid: '#0000001f',
  background: '#ffffff',
  kind: 'light',
  highContrast: false,
  colors: {
    blue: '#0063d3',
    orange: '#b5530a',
    purple: '#652d90',
    green: '#388a34',
    yellow: '#8a6100',
    red: '#e51400',
  },
  runColors: runColors.light,
};

/** The colors of Dark Modern. */
const dark: Colors = {
  foreground: '#cccccc',
  muted: '#9d9d9d',
  grid: '#ffffff26',
  background: '#1f1f1f',
  kind: 'dark',
  highContrast: false,
  colors: {
    blue: '#59a4f9',
    orange: '#e2a36f',
    purple: '#b180d7',
    green: '#89d185',
    yellow: '#cca700',
    red: '#f14c4c',
  },
  runColors: runColors.dark,
};

const COLORS: Readonly<Record<PictureTheme, Partial<Colors>>> = {
  shown: {},
  light,
  dark,
  transparent: { background: 'rgba(0, 0, 0, 0)' },
};

/** The theme of a picture: the fonts on screen with the chosen colors. */
export function pictureTheme(shown: Theme, chosen: PictureTheme): Theme {
  return { ...shown, ...COLORS[chosen] };
}

/** Name of a picture with its theme and size. */
export function describePicture(
  title: string,
  { width, height, theme }: { readonly width: number; readonly height: number; readonly theme: PictureTheme },
): string {
  return `${title} ${pictureThemeNames[theme]()} ${width}x${height}`;
}
