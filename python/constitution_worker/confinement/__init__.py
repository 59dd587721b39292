"""The inside of the sandbox: a launcher process that gives up everything and then runs code written by an LM.

`sandbox` starts it and judges its end; these modules run in a fresh interpreter without site-packages.
"""
