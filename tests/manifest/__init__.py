"""Manifests: reading, checking, explaining."""
