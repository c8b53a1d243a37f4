"""Product pages for platforms and for vendors."""
