"""What product owners ask and change."""
