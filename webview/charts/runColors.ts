/**
 * Colors of runs on light and dark backgrounds, one for each slot of `src/catalog/color.ts`: the same as in
 * `runColors.css`, for drawings and for pictures in another theme than that of the page.
 */
export const runColors: Readonly<Record<'light' | 'dark', readonly string[]>> = {
  light: [
    ...['#1f6fd1', '#c75300', '#8a3fc7', '#2a8738', '#c92a3f', '#00838f'],
    ...['#c2268f', '#77780b', '#8b5a2b', '#3f3fb5', '#6b7280', '#a87b00'],
  ],
  dark: [
    ...['#5aa9ff', '#ff9f4a', '#c08bff', '#5cc96a', '#ff6f7d', '#3fc8d4'],
    ...['#ff77c8', '#c5c84a', '#cf9b6b', '#8f97ff', '#a8b0bd', '#f2c14e'],
  ],
};
