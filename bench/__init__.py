"""Benchmarks that people run."""
