"""Tells what a Python package offers, and where a program uses it. Programs are read, never run; packages are imported."""
