"""Numbers, money, sizes, dates and moments in the words of whoever reads this request."""

from orion.web.formats import ago, breakable, day, joined, lately, listed, moment, money, number, size, weight

__all__ = [
    "ago",
    "breakable",
    "day",
    "joined",
    "lately",
    "listed",
    "moment",
    "money",
    "number",
    "size",
    "weight",
]
