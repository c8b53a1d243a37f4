"""Orion: a modular portal for commerce platforms with many vendors. This package is its engine."""

__version__ = "0.1.0"
