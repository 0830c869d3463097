/**
 * Formulas shown in the pages, in TeX. `npm run generate` renders them to MathML in `formulas.json`, so that no page
 * contains a typesetter. An id that is added here can be used by `formula` after the next `npm run generate`.
 */
export const formulas = {
  recurrentNetInput: String.raw`\mathbf{z}_h^{\langle t \rangle} = \mathbf{W}_{hx} \mathbf{x}^{\langle t \rangle} + \mathbf{W}_{hh} \mathbf{h}^{\langle t-1 \rangle} + \mathbf{b}_h`,
  logisticRegression: String.raw`P(y = 1 \mid \mathbf{x}) = \sigma(\mathbf{w} \cdot \mathbf{x} + b)`,
} as const;

export type FormulaId = keyof typeof formulas;
