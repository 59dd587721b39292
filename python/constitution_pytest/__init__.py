"""Runs the pytest suite of others and tells what happens in it."""
