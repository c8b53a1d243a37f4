"""What a vendor sells: products with their variants, prices and images, and the categories they stand in."""
