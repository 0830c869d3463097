/**
 * Formulas shown in the pages, in TeX. `npm run generate` renders them to MathML in `formulas.json`, so that no page
 * contains a typesetter. An id that is added here can be used by `formula` after the next `npm run generate`.
 */
export const formulas = {
  recurrentNetInput: String.raw`\mathbf{z}_h^{\langle t \rangle} = \mathbf{W}_{hx} \mathbf{x}^{\langle t \rangle} + \mathbf{W}_{hh} \mathbf{h}^{\langle t-1 \rangle} + \mathbf{b}_h`,
  logisticRegression: String.raw`P(y = 1 \mid \mathbf{x}) = \sigma(\mathbf{w} \cdot \mathbf{x} + b)`,
  hmmForward: String.raw`\alpha_t(j) = \Bigl(\sum_i \alpha_{t-1}(i)\, a_{ij}\Bigr)\, b_j(o_t)`,
  hmmBackward: String.raw`\beta_t(i) = \sum_j a_{ij}\, b_j(o_{t+1})\, \beta_{t+1}(j)`,
  hmmPosterior: String.raw`\gamma_t(i) = \frac{\alpha_t(i)\, \beta_t(i)}{P(o_1, \ldots, o_T)}`,
  hmmViterbi: String.raw`\delta_t(j) = \max_i \bigl(\delta_{t-1}(i)\, a_{ij}\bigr)\, b_j(o_t)`,
  recurrentLogits: String.raw`\mathbf{o}^{\langle t \rangle} = \mathbf{W}_{yh} \, \sigma_h\bigl(\mathbf{z}_h^{\langle t \rangle}\bigr) + \mathbf{b}_y`,
  outputNetInput: String.raw`\mathbf{z}_h^{\langle t \rangle} = \mathbf{W}_{hx} \mathbf{x}^{\langle t \rangle} + \mathbf{W}_{hy} \mathbf{o}^{\langle t-1 \rangle} + \mathbf{b}_h`,
  stackedNetInput: String.raw`\mathbf{h}_{l}^{\langle t \rangle} = \sigma_h\bigl(\mathbf{W}_{l} \mathbf{h}_{l-1}^{\langle t \rangle} + \mathbf{U}_{l} \mathbf{h}_{l}^{\langle t-1 \rangle} + \mathbf{b}_{l}\bigr)`,
} as const;

export type FormulaId = keyof typeof formulas;
