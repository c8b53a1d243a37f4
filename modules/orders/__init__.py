"""Orders and refunds: documents, what they add up to, and histories brought in from elsewhere."""
