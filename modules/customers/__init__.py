"""A vendor's customers: who they are, where they live, on which platforms they acted."""
