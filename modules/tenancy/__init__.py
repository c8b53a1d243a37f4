"""Platforms, vendors, which vendor is on which platform, and who works for whom with which rights."""
