"""Words by whose beginning rows are found: see `orion.contracts.models.WordOf` for what keeps them."""

from orion.data.word_tables import create_words
from orion.data.words import LAST_CHARACTER, found_by, terms, words

__all__ = ["LAST_CHARACTER", "create_words", "found_by", "terms", "words"]
