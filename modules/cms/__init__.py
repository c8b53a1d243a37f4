"""A vendor's own pages and pictures: written, kept in versions, published, and looked up."""
