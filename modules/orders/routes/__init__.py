"""Order pages for platforms and for vendors."""
