/** An optimizer of DSPy that `optimize` can run. */
export interface Optimizer {
  /** DSPy's own name. */
  readonly title: string;
  /** Its module of `constitution_optimizer.optimizers`. */
  readonly module: string;
  /** Whether something writes instructions for it. */
  readonly reflects: boolean;
}

/** The names that `optimize --optimizer` takes. */
export const OPTIMIZER_NAMES = ['gepa', 'labeled-few-shot', 'bootstrap-few-shot', 'miprov2'] as const;
export type OptimizerName = (typeof OPTIMIZER_NAMES)[number];

export const OPTIMIZERS: Readonly<Record<OptimizerName, Optimizer>> = {
  gepa: { title: 'GEPA', module: 'gepa', reflects: true },
  'labeled-few-shot': { title: 'LabeledFewShot', module: 'labeled_few_shot', reflects: false },
  'bootstrap-few-shot': { title: 'BootstrapFewShot', module: 'bootstrap_few_shot', reflects: false },
  miprov2: { title: 'MIPROv2', module: 'miprov2', reflects: true },
};
