"""List pages: declared once, read by keyset, and shown with their whole state in the address."""
