"""Manifests: strict YAML with positions, a JSON Schema, checks of meaning, and frozen dataclasses."""
