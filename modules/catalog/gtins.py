"""Numbers that goods have all over the world: GTINs, as GS1's General Specifications have them (7.9)."""

LENGTHS = (8, 12, 13, 14)


def looks_like_gtin(code: str) -> bool:
    """Whether a code has the form of one, be its last digit right or wrong."""
    return code.isascii() and code.isdigit() and len(code) in LENGTHS


def is_gtin(code: str) -> bool:
    """Whether a code has the form of one, and its last digit is right."""
    digits = [int(digit) for digit in reversed(code)] if looks_like_gtin(code) else [1]
    return (sum(digits[1::2]) * 3 + sum(digits[::2])) % 10 == 0
