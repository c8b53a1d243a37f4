"""Customer pages for platforms and for vendors."""
