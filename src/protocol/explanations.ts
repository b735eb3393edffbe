import type { GeometryName, RetrievalName } from './alignment.ts';

/** How a number comes about and how it is to be read, each in a line. N pairs, D numbers a vector. */
export interface Explanation {
  readonly formula: string;
  /** What it can be, and which way is better. */
  readonly range: string;
  /** What it is without any relation, and how that is found. */
  readonly chance: string;
  /** What the number of pairs does to it. */
  readonly sample: string;
  readonly cost: string;
  readonly source: string;
}

/** The lines in the order of reading, and what each is called on a screen. */
export const explanationTitles: readonly (readonly [line: keyof Explanation, title: string])[] = [
  ['formula', 'Formula'],
  ['range', 'Range'],
  ['chance', 'Chance'],
  ['sample', 'Few pairs'],
  ['cost', 'Cost'],
  ['source', 'Source'],
];

const productsPass = 'One pass over the products A·Bᵀ, N² D; nothing is sorted';
const ofShapes = 'of at most 1,000 pairs along 64 principal components';

const recall = (k: number): Explanation => ({
  formula: `Share of queries with r ≤ ${k}, r the rank of the best match`,
  range: '0 to 1, higher is better',
  chance: `Exact for each query: ${k} ÷ N for one match among N candidates`,
  sample: 'Falls as the candidates grow: compare only equal numbers of them',
  cost: productsPass,
  source: 'Hodosh et al., 2013',
});

const pwcca: Explanation = {
  formula:
    'Σ αᵢ ρᵢ ÷ Σ αᵢ, ρᵢ the canonical correlations, αᵢ = Σⱼ |⟨hᵢ, xⱼ⟩| what variate hᵢ means to the columns xⱼ of the set',
  range: '0 to 1, higher is better; not symmetric',
  chance: 'Mean over ten shuffles of the pairs',
  sample: 'Biased upwards, about √(D ÷ N) where unrelated: at most N ÷ 10 components are compared',
  cost: `N D² + D³, and again for each shuffle, ${ofShapes}`,
  source: 'Morcos et al., 2018',
};

const uniformity: Explanation = {
  formula: 'log of the mean of exp(−2 ‖uᵢ − uⱼ‖²) over all i < j, u of unit length',
  range: '−8 to 0, lower is more even',
  chance: 'That of an even sphere of D dimensions, exact: about −4 + 8 ÷ D',
  sample: 'Hardly biased',
  cost: 'One pass over the products A·Aᵀ, N² D, of at most 20,000 pairs',
  source: 'Wang & Isola, 2020',
};

const hubness: Explanation = {
  formula: 'Skewness E(n − μ)³ ÷ σ³ of n, how often an item is among the 10 nearest of a query',
  range: 'Without bounds; 0 is even, lower is better, above about 1.4 hubs spoil retrieval',
  chance: 'That of binomial counts, exact: (1 − 2p) ÷ √(N p (1 − p)) with p = 10 ÷ N',
  sample: 'Grows with N, and with the dimensions: few pairs hide hubs',
  cost: 'One pass over the products A·Bᵀ, N² D, of at most 20,000 pairs',
  source: 'Radovanović et al., 2010',
};

const antihubs: Explanation = {
  formula: 'Share of items that are among the 10 nearest of no query',
  range: '0 to 1, lower is better',
  chance: 'Exact: (1 − 10 ÷ N)ᴺ, near 0',
  sample: 'Grows with N, and with the dimensions: few pairs hide anti-hubs',
  cost: 'Counted in the pass of hubness',
  source: 'Radovanović et al., 2010',
};

const knowledgeDiscrepancy: Explanation = {
  formula:
    '1 − max Σₜ R(t, π(t)) over ways π to match classes, R(t, k) = Σ p(k | x) ÷ N over the items x of class t, p a linear classifier of the other modality',
  range: '0 to 1, lower is better',
  chance: 'Mean over 100 shuffles of the labels',
  sample: 'Biased downwards, as the best match is taken: read it against chance',
  cost: `The fit of the classifier, then N K + K³ for K classes, 101 times, ${ofShapes}`,
  source: 'Ma et al., 2024 (MoNA); our estimator',
};

/** Of every number that a report can hold. */
export const explanations: Readonly<Record<RetrievalName | GeometryName, Explanation>> = {
  recall1: recall(1),
  recall5: recall(5),
  recall10: recall(10),
  medianRank: {
    formula: 'Median of r, the rank of the best match, rounded down',
    range: '1 to the number of candidates, lower is better',
    chance: 'Middle of all orders, exact: (N + 1) ÷ 2 for one match among N candidates',
    sample: 'Grows with the candidates: compare only equal numbers of them',
    cost: 'The ranks of recall@k',
    source: 'Hodosh et al., 2013',
  },
  meanRank: {
    formula: 'Mean of r, the rank of the best match',
    range: '1 to the number of candidates, lower is better',
    chance: 'Exact for each query: (N + 1) ÷ (R + 1) for R matches among N candidates',
    sample: 'Grows with the candidates; a few items that are far off move it much',
    cost: 'The ranks of recall@k',
    source: 'As OpenCLIP reports it: Ilharco et al., 2021',
  },
  meanReciprocalRank: {
    formula: 'Mean of 1 ÷ r, r the rank of the best match',
    range: '0 to 1, higher is better',
    chance: 'Exact for each query: (1 + ½ + … + 1 ÷ N) ÷ N for one match among N candidates',
    sample: 'Falls as the candidates grow: compare only equal numbers of them',
    cost: 'The ranks of recall@k',
    source: 'Voorhees, 1999 (TREC-8)',
  },
  meanAveragePrecision: {
    formula: 'Mean over queries of Σ P(r) ÷ R over the ranks r of the R items of the class, P(r) their share up to r',
    range: '0 to 1, higher is better',
    chance: 'Exact for each query: s + (1 − s)(1 + ½ + … + 1 ÷ N) ÷ N with s = (R − 1) ÷ (N − 1)',
    sample: 'Falls to the share of the class as the candidates grow: compare only equal shares',
    cost: 'Sorts N candidates for each of at most 2,000 queries',
    source: 'Rasiwasia et al., 2010',
  },
  linearCka: {
    formula: '‖BᵀA‖² ÷ (‖AᵀA‖ ‖BᵀB‖) of the centred sets A and B, Frobenius norms',
    range: '0 to 1, higher is better',
    chance: 'Mean over all shuffles of the pairs, exact: about D ÷ (N + D)',
    sample: 'Biased upwards, the more the fewer pairs for the dimensions',
    cost: 'N (D₁ + D₂)²',
    source: 'Kornblith et al., 2019; chance: Kazi-Aoual et al., 1995',
  },
  debiasedCka: {
    formula:
      'Linear CKA, each product z made z − N Σ aᵢbᵢ ÷ (N − 2) + Σa Σb ÷ ((N − 1)(N − 2)), a and b the squared lengths of the centred rows',
    range: 'Up to 1, higher is better; may be slightly below 0',
    chance: '0, whatever the number of pairs',
    sample: 'Nearly unbiased: the only likeness here to compare between datasets of other sizes',
    cost: 'The products of linear CKA',
    source: 'Kornblith et al., 2019, demo notebook; Song et al., 2012',
  },
  rbfCka: {
    formula: '⟨K, L⟩ ÷ (‖K‖ ‖L‖) of the centred kernels exp(−‖x − x′‖² ÷ 2σ²), σ half of the median distance',
    range: '0 to 1, higher is better',
    chance: 'Mean over all shuffles of the pairs, exact: tr K tr L ÷ ((N − 1) ‖K‖ ‖L‖)',
    sample: 'Biased upwards for few pairs',
    cost: `N² D, ${ofShapes}`,
    source: 'Kornblith et al., 2019',
  },
  mutualKnn: {
    formula: 'Mean of |the 10 nearest of an item ∩ the 10 nearest of its partner| ÷ 10, by cosine within each set',
    range: '0 to 1, higher is better',
    chance: 'Exact: 10 ÷ (N − 1)',
    sample: 'Falls as the pairs grow, as 10 becomes a smaller share of them',
    cost: 'One pass over A·Aᵀ and one over B·Bᵀ, N² (D₁ + D₂), of at most 20,000 pairs',
    source: 'Huh et al., 2024',
  },
  procrustes: {
    formula: '1 − ‖AᵀB‖∗ (the sum of the singular values) of the centred sets of unit Frobenius norm',
    range: '0 to 1, lower is better',
    chance: 'Mean over five shuffles of the pairs',
    sample: 'Biased downwards: unrelated sets are at about 1 − 0.85 √(D ÷ N), far below 1 for few pairs',
    cost: `N D² + D³, six times, ${ofShapes}`,
    source: 'Schönemann, 1966',
  },
  svcca: {
    formula: 'Mean of the canonical correlations ρᵢ of the directions that hold 99 % of the variance of each set',
    range: '0 to 1, higher is better',
    chance: 'Mean over ten shuffles of the pairs',
    sample: 'Biased upwards, about √(D ÷ N) where unrelated: at most N ÷ 10 components are compared',
    cost: `N D² + D³, and again for each shuffle, ${ofShapes}`,
    source: 'Raghu et al., 2017',
  },
  pwccaForward: pwcca,
  pwccaBackward: pwcca,
  modalityGap: {
    formula: '‖mean u − mean v‖, u and v of unit length in one space',
    range: '0 to 2; smaller is not always better',
    chance: 'That of unrelated centred sets: √(2 ÷ N)',
    sample: 'Does not fall below about √(2 ÷ N)',
    cost: 'N D',
    source: 'Liang et al., 2022',
  },
  separability: {
    formula:
      'Accuracy of a linear discriminant, (S + 0.01 s̄ I)⁻¹ (μ₁ − μ₂) with the covariance S within the modalities, on held-out pairs of five folds',
    range: '0 to 1; 0.5 is one place, 1 a place for each, lower is better, and 1 is usual',
    chance: '0.5: a modality guessed at random',
    sample: 'Few pairs pull it towards 0.5: the cut has D weights to learn',
    cost: `N D² + D³, ${ofShapes}`,
    source: 'Fisher, 1936; Liang et al., 2022',
  },
  alignment: {
    formula: 'Mean of ‖uᵢ − vᵢ‖² over the pairs = 2 − 2 · mean cosine, u and v of unit length in one space',
    range: '0 to 4, lower is better; 0 also where all lies in one point, so read it with uniformity',
    chance: 'Mean over all pairings, exact: 2 − 2 · mean u · mean v',
    sample: 'Unbiased',
    cost: 'N D',
    source: 'Wang & Isola, 2020',
  },
  uniformityFirst: uniformity,
  uniformitySecond: uniformity,
  hubnessForward: hubness,
  hubnessBackward: hubness,
  antihubsForward: antihubs,
  antihubsBackward: antihubs,
  otdd: {
    formula:
      'Least mean of ‖x − x′‖² + W₂²(class of x, class of x′) of moving one set onto the other, classes as Gaussians',
    range: 'From 0, without a scale, lower is better; blind to wrong pairs',
    chance: 'The same between two random halves of one set, averaged over both, brought to the size of the sets',
    sample: 'Biased upwards, the more the fewer items: read it against chance',
    cost: 'K² r² D for K classes of rank r, then N³ up to 500 items a set or N² a round, of at most 1,000 along 24 components',
    source: 'Alvarez-Melis & Fusi, 2020',
  },
  knowledgeDiscrepancyForward: knowledgeDiscrepancy,
  knowledgeDiscrepancyBackward: knowledgeDiscrepancy,
};
