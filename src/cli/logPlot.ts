/** Maximum number of rows of a plot; a row covers one or more powers of ten. */
const ROWS = 12;
/** Maximum number of columns of the curve. */
const COLUMNS = 72;

/**
 * Text plot of a curve by lag on a logarithmic axis. Values that are zero or not finite are omitted from the curve and
 * listed below it.
 */
export function logPlot(curve: readonly (number | null)[]): string {
  const places = Array.from({ length: Math.min(COLUMNS, curve.length) }, (_, column) =>
    Math.round((column * (curve.length - 1)) / Math.max(1, Math.min(COLUMNS, curve.length) - 1)),
  );
  const exponents = places.map((lag) => {
    const value = curve[lag];
    return value != null && value > 0 ? Math.log10(value) : undefined;
  });
  const known = exponents.filter((exponent) => exponent !== undefined);
  if (known.length === 0) return '  (no value above zero)';
  const top = Math.ceil(Math.max(...known));
  const bottom = Math.min(top - 1, Math.floor(Math.min(...known)));
  const decades = Math.ceil((top - bottom) / ROWS);
  const rows = Math.ceil((top - bottom) / decades);
  const lines = Array.from({ length: rows }, (_, row) => {
    const [upper, lower] = [top - row * decades, top - (row + 1) * decades];
    const isHere = (exponent: number) => exponent >= lower && (exponent < upper || (row === 0 && exponent <= upper));
    const marks = exponents.map((exponent) => (exponent !== undefined && isHere(exponent) ? '*' : ' '));
    return `${`1e${upper}`.padStart(7)} |${marks.join('')}`.trimEnd();
  });
  const last = String(curve.length - 1);
  const axis = `${`1e${top - rows * decades}`.padStart(7)} +${'-'.repeat(places.length)}`;
  const ends = `${'lag'.padStart(7)}  0${last.padStart(places.length - 1)}`;
  const missing = curve.filter((value) => value === null || value <= 0).length;
  const note = missing > 0 ? [`${' '.repeat(9)}(${missing} of ${curve.length} values are zero or not finite)`] : [];
  return [...lines, axis, ends, ...note].join('\n');
}
