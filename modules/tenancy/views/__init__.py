"""What the pages of both frontends have in common."""
