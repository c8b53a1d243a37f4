"""The desk that somebody has at a place: views of lists, the order of tiles, what was told, search, keys."""
