"""Stock pages for platforms and for vendors."""
