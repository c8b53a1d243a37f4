"""Pages and files for a vendor's team, for platforms, and for everybody."""
