/** Publication or page that defines a term. */
export interface Source {
  /** Authors, year and section. */
  readonly label: string;
  readonly url: string;
}

const doi = (label: string, id: string): Source => ({ label, url: `https://doi.org/${id}` });
const arxiv = (label: string, id: string): Source => ({ label, url: `https://arxiv.org/abs/${id}` });

/** Sources of the glossary, by a short name. */
export const sources = {
  ackley: doi('Ackley, Hinton and Sejnowski 1985, equation 4', '10.1207/s15516709cog0901_7'),
  bahdanau: arxiv('Bahdanau, Cho and Bengio 2015, section 3.1', '1409.0473'),
  bengio: doi('Bengio, Simard and Frasconi 1994', '10.1109/72.279181'),
  cho: arxiv('Cho et al. 2014, section 2.3', '1406.1078'),
  fawcett: doi('Fawcett 2006, section 2', '10.1016/j.patrec.2005.10.010'),
  gers: doi('Gers, Schmidhuber and Cummins 2000', '10.1162/089976600300015015'),
  graves: arxiv('Graves 2013, section 3', '1308.0850'),
  guo: arxiv('Guo et al. 2017, section 2', '1706.04599'),
  hale: { label: 'Hale 2001', url: 'https://aclanthology.org/N01-1021/' },
  hochreiter: doi('Hochreiter and Schmidhuber 1997, section 4', '10.1162/neco.1997.9.8.1735'),
  jelinek: doi('Jelinek et al. 1977', '10.1121/1.2016299'),
  karpathy: arxiv('Karpathy, Johnson and Fei-Fei 2015, section 4.2', '1506.02078'),
  kingma: arxiv('Kingma and Ba 2015, section 2', '1412.6980'),
  madsen: doi('Madsen 2019', '10.23915/distill.00016'),
  pascanu: arxiv('Pascanu, Mikolov and Bengio 2013, section 2', '1211.5063'),
  pascanuClipping: arxiv('Pascanu, Mikolov and Bengio 2013, section 3.2', '1211.5063'),
  rabiner: doi('Rabiner 1989, section III', '10.1109/5.18626'),
  ratios: {
    label: 'CS231n, Neural networks part 3, ratio of weights to updates',
    url: 'https://cs231n.github.io/neural-networks-3/#ratio',
  },
  shannon: doi('Shannon 1948, section 6', '10.1002/j.1538-7305.1948.tb01338.x'),
  shannonEnglish: doi('Shannon 1951', '10.1002/j.1538-7305.1951.tb01366.x'),
  sokolova: doi('Sokolova and Lapalme 2009', '10.1016/j.ipm.2009.03.002'),
  werbos: doi('Werbos 1990', '10.1109/5.58337'),
  williams: doi('Williams and Peng 1990', '10.1162/neco.1990.2.4.490'),
  benchmarks: {
    label: 'Benchmarks of Sequence Lab',
    url: 'https://github.com/sequence-lab/sequence-lab/blob/main/docs/benchmarks.md',
  },
  guide: {
    label: 'User guide of Sequence Lab, Inspect the gradient',
    url: 'https://github.com/sequence-lab/sequence-lab/blob/main/docs/user-guide.md#inspect-the-gradient',
  },
} as const satisfies Readonly<Record<string, Source>>;
