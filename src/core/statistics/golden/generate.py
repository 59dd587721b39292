"""Writes vectors.json: reference results of SciPy and statsmodels for random inputs.

Run with both installed: `python generate.py`. The inputs are seeded, so that equal versions give an equal file;
the versions are in it (`biome check --write` then lays it out). Nothing else of the project uses this script.
"""

import json
import math
import random
from pathlib import Path

import numpy as np
import scipy
import statsmodels
from scipy import stats
from statsmodels.stats.contingency_tables import mcnemar
from statsmodels.stats.multitest import multipletests
from statsmodels.stats.proportion import proportion_confint

LEVELS = (0.8, 0.9, 0.95, 0.99)
rng = random.Random(20261123)


def newcombe(both: int, baseline: int, candidate: int, neither: int, level: float) -> list[float]:
    """Newcombe (1998), method 10, on statsmodels' Wilson limits: statsmodels has no paired form of its own."""
    n = both + baseline + candidate + neither
    c, b = (both + candidate) / n, (both + baseline) / n
    c_low, c_high = proportion_confint(both + candidate, n, 1 - level, "wilson")
    b_low, b_high = proportion_confint(both + baseline, n, 1 - level, "wilson")
    margins = (both + baseline) * (candidate + neither) * (both + candidate) * (baseline + neither)
    cross = both * neither - baseline * candidate
    if cross > 0:
        cross = max(cross - n / 2, 0)
    phi = cross / math.sqrt(margins) if margins else 0.0
    below = (c - c_low) ** 2 - 2 * phi * (c - c_low) * (b_high - b) + (b_high - b) ** 2
    above = (c_high - c) ** 2 - 2 * phi * (c_high - c) * (b - b_low) + (b - b_low) ** 2
    return [c - b - math.sqrt(max(0, below)), c - b + math.sqrt(max(0, above))]


def paired_table() -> dict:
    """A two-by-two table of 1 to some 400 bugs: Wilson, Newcombe and McNemar."""
    scale = rng.choice((1, 3, 10, 100))
    cells = [rng.randint(0, scale) for _ in range(4)]
    cells[rng.randrange(4)] += 1
    both, baseline, candidate, neither = cells
    level = rng.choice(LEVELS)
    exact = mcnemar([[both, baseline], [candidate, neither]], exact=True)
    one_sided = stats.binomtest(candidate, baseline + candidate, 0.5, "greater").pvalue if baseline + candidate else 1
    return {
        "cells": cells,
        "level": level,
        "wilson": list(proportion_confint(both + candidate, sum(cells), 1 - level, "wilson")),
        "newcombe": newcombe(*cells, level),
        "mcnemar": [float(one_sided), float(exact.pvalue)],
    }


def differences() -> dict:
    """Paired differences of a few bugs: the exact sign-flip test and Student bounds with two pseudo-bugs."""
    size = rng.randint(2, 10)
    scale = rng.choice((1, 2, 3, 5, 1000))
    whole = [rng.randint(-scale, scale) for _ in range(size)]
    # Whole numbers: SciPy loses ties where the observed sum is 0 up to rounding.
    test = stats.permutation_test(
        (np.array(whole),), np.sum, permutation_type="samples", vectorized=True, n_resamples=np.inf,
        alternative="greater",
    )
    values = [value / scale for value in whole]
    widened = np.array([*values, 1.0, -1.0])
    error = stats.sem(widened)
    lower, upper = stats.t.interval(0.9, len(widened) - 1, loc=widened.mean(), scale=error)
    above = stats.ttest_1samp(widened, 0, alternative="greater").pvalue
    return {"values": values, "p": float(test.pvalue), "bounds": [float(lower), float(upper), float(above)]}


def distribution() -> dict:
    """Student t, normal and binomial values over many orders of magnitude."""
    probability = rounded(rng.choice((rng.random(), 10 ** rng.uniform(-12, -1), 0.5)))
    df = rng.choice((1, 2, 3, rng.randint(4, 60), rng.randint(60, 20000)))
    t = rounded(rng.uniform(-8, 8))
    trials = rng.choice((rng.randint(0, 30), rng.randint(30, 5000)))
    successes = rng.randint(0, trials)
    return {
        "probability": probability,
        "df": df,
        "tQuantile": float(stats.t.ppf(probability, df)),
        "t": t,
        "tCdf": float(stats.t.cdf(t, df)),
        "normalQuantile": float(stats.norm.ppf(probability)),
        "normalCdf": float(stats.norm.cdf(t)),
        "coins": [successes, trials],
        "coinCdf": float(stats.binom.cdf(successes, trials, 0.5)),
    }


def correction() -> dict:
    """Holm's adjusted p values."""
    p_values = [round(rng.random() ** 3, 6) for _ in range(rng.randint(1, 8))]
    return {"pValues": p_values, "adjusted": multipletests(p_values, method="holm")[1].tolist()}


def bootstrap(seed: int) -> dict:
    """Expanded percentile intervals of absolute and relative change; both sides are random, hence many resamples."""
    size, repeats = rng.randint(15, 60), 3
    rates = [rng.random() for _ in range(size)]
    baseline = [sum(rng.random() < p for _ in range(repeats)) / repeats for p in rates]
    candidate = [sum(rng.random() < p + (1 - p) * 0.3 for _ in range(repeats)) / repeats for p in rates]
    tail = stats.norm.cdf(-math.sqrt(size / (size - 1)) * stats.t.ppf(0.975, size - 1))
    result = {"baseline": baseline, "candidate": candidate}
    for name, statistic in (
        ("absolute", lambda b, c, axis: np.mean(c, axis=axis) - np.mean(b, axis=axis)),
        ("relative", lambda b, c, axis: np.mean(c, axis=axis) / np.mean(b, axis=axis) - 1),
    ):
        interval = stats.bootstrap(
            (np.array(baseline), np.array(candidate)), statistic, paired=True, vectorized=True, n_resamples=50_000,
            confidence_level=1 - 2 * tail, method="percentile", rng=np.random.default_rng(seed),
        ).confidence_interval
        result[name] = [float(interval.low), float(interval.high)]
    return result


def rounded(value):
    """Twelve significant digits: more than any comparison asks for, and a third of the size."""
    if isinstance(value, float):
        return float(f"{value:.12g}")
    if isinstance(value, list):
        return [rounded(item) for item in value]
    if isinstance(value, dict):
        return {key: rounded(item) for key, item in value.items()}
    return value


def main() -> None:
    vectors = {
        "versions": {"scipy": scipy.__version__, "statsmodels": statsmodels.__version__, "numpy": np.__version__},
        "tables": [paired_table() for _ in range(1000)],
        "differences": [differences() for _ in range(600)],
        "distributions": [distribution() for _ in range(500)],
        "corrections": [correction() for _ in range(100)],
        "bootstraps": [bootstrap(seed) for seed in range(20)],
    }
    text = json.dumps(rounded(vectors), indent=2)
    Path(__file__).with_name("vectors.json").write_text(text + "\n")


if __name__ == "__main__":
    main()
