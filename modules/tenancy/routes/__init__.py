"""Pages for people who run a platform, and for a vendor's team."""
