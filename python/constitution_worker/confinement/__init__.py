"""The inside of the sandbox: a process that gives up everything and then runs code written by an LM.

`sandbox` has it started, by `launcher` or forked from `template`, and judges its end; these modules run in a fresh
interpreter without site-packages. They import little: `typing`, `signal` or `platform` would each take longer than all
of the confinement.
"""
