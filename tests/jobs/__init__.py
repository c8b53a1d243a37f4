"""Background work: nothing is lost, nothing is doubled."""
