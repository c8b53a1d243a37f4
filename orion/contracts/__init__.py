"""All that a module may import from the engine."""
