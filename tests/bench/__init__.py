"""Benchmarks: figures to look at, run by `./dev bench`; nothing here asserts a time."""
