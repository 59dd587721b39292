"""Runs optimizers of DSPy over a project's pipelines, within budgets that the gateway keeps. Imported by the worker's
method `optimize` only, in environments that have the optimizer."""
