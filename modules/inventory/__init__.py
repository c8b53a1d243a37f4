"""How much of each variant there is, where it lies, what was promised, and who moved it and why."""
