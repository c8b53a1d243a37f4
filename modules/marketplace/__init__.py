"""Products of other systems: files from upload to catalog, staged, published, taken back."""
