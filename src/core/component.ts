import { canonicalJson, type Json } from './json.ts';
import { modelledCallMs, type RateCard } from './rate-card.ts';

/** A part of a system around its pipelines, which has to work in both versions. */
export interface Component {
  readonly name: string;
  /** Class of its probe, as `package.module:Name`. */
  readonly entry: string;
  /** 1: that it does not hold fails the verdict; 2 and 3: it is told. */
  readonly tier: number;
  /** Its probe has to see native assertions at work. */
  readonly assertions: boolean;
}

/** Figures over time that a component records. */
export interface ComponentSeries {
  readonly name: string;
  readonly unit: string;
  readonly points: readonly number[];
}

/** What a probe saw of a component in one version. */
export interface ComponentObservation {
  readonly output: Json;
  readonly calls: number;
  readonly inputTokens: number;
  readonly outputTokens: number;
  /** null: it has no assertions. */
  readonly assertions: { readonly attempts: number; readonly violations: number } | null;
  readonly series: readonly ComponentSeries[];
}

/** How a component fared in one version. Where a step failed, its error stands here, and what follows is null. */
export interface ComponentFacts {
  readonly importError: string | null;
  readonly setUpError: string | null;
  readonly runError: string | null;
  readonly observation: ComponentObservation | null;
  /** Median CPU time of a run, in milliseconds: told, not judged, for it drifts with the machine. */
  readonly cpuMs: number | null;
}

/** What a row says of the candidate; `n/a`: nothing can be said, or nothing is asked. */
export type ComponentMark = 'ok' | 'failed' | 'n/a';

export interface ComponentChecks {
  readonly imports: ComponentMark;
  readonly initialises: ComponentMark;
  readonly output: ComponentMark;
  readonly tokens: ComponentMark;
  /** Of modelled LM time. */
  readonly latency: ComponentMark;
  readonly assertions: ComponentMark;
}

export interface ComponentSide {
  /** The error of the step that failed; null where none did. */
  readonly error: string | null;
  readonly calls: number | null;
  readonly tokens: number | null;
  readonly modelledLmMs: number | null;
  readonly cpuMs: number | null;
  readonly assertions: { readonly attempts: number; readonly violations: number } | null;
}

/** A component in both versions. */
export interface ComponentRow {
  readonly name: string;
  readonly tier: number;
  readonly checks: ComponentChecks;
  /** Every check is ok, or has nothing to say. */
  readonly holds: boolean;
  readonly baseline: ComponentSide;
  readonly candidate: ComponentSide;
  /** Of the candidate. */
  readonly series: readonly ComponentSeries[];
}

/** How much more than the baseline the candidate may use: 0.25 for +25 %. */
export interface ComponentLimits {
  readonly tokens: number;
  readonly latency: number;
}

/** The row of a component. Pure. Without a rate card its latency is not judged. */
export function componentRow(
  component: Component,
  facts: { readonly baseline: ComponentFacts; readonly candidate: ComponentFacts },
  { limits, card }: { readonly limits: ComponentLimits; readonly card: RateCard | null },
): ComponentRow {
  const [baseline, candidate] = [sideOf(facts.baseline, card), sideOf(facts.candidate, card)];
  const [was, is] = [facts.baseline.observation, facts.candidate.observation];
  const both = was !== null && is !== null;
  const within = (key: 'tokens' | 'modelledLmMs', limit: number): ComponentMark => {
    const [before, after] = [baseline[key], candidate[key]];
    return before === null || after === null ? 'n/a' : mark(after <= before * (1 + limit));
  };
  const checks: ComponentChecks = {
    imports: mark(facts.candidate.importError === null),
    initialises: facts.candidate.importError === null ? mark(facts.candidate.setUpError === null) : 'n/a',
    // A run that fails in the candidate is no output, whatever the baseline did.
    output: both
      ? mark(canonicalJson(was.output) === canonicalJson(is.output))
      : facts.candidate.runError === null
        ? 'n/a'
        : 'failed',
    tokens: within('tokens', limits.tokens),
    latency: within('modelledLmMs', limits.latency),
    assertions: assertionsMark(component, was, is),
  };
  return {
    name: component.name,
    tier: component.tier,
    checks,
    holds: !Object.values(checks).includes('failed'),
    baseline,
    candidate,
    series: is?.series ?? [],
  };
}

/** Active: attempts and failed conditions were seen, as many as in the baseline. */
function assertionsMark(
  component: Component,
  was: ComponentObservation | null,
  is: ComponentObservation | null,
): ComponentMark {
  if (is === null || !component.assertions) return 'n/a';
  const seen = is.assertions;
  if (seen === null || seen.violations === 0) return 'failed';
  if (was === null) return 'ok';
  return mark(was.assertions?.attempts === seen.attempts && was.assertions?.violations === seen.violations);
}

function sideOf(facts: ComponentFacts, card: RateCard | null): ComponentSide {
  const { observation, cpuMs } = facts;
  const tokens = observation && { input: observation.inputTokens, output: observation.outputTokens };
  return {
    error: facts.importError ?? facts.setUpError ?? facts.runError,
    calls: observation?.calls ?? null,
    tokens: tokens && tokens.input + tokens.output,
    modelledLmMs:
      tokens &&
      card &&
      modelledCallMs({ ...card, overheadMs: card.overheadMs * (observation?.calls ?? 0) }, tokens),
    cpuMs,
    assertions: observation?.assertions ?? null,
  };
}

function mark(holds: boolean): ComponentMark {
  return holds ? 'ok' : 'failed';
}

/** Names of the components of tier 1 that do not hold. */
export function blockingComponents(rows: readonly ComponentRow[]): string[] {
  return rows.filter(({ tier, holds }) => tier === 1 && !holds).map(({ name }) => name);
}
