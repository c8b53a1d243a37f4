"""What a product owner asks and changes: which module is on where, why, and what an edit would do."""
