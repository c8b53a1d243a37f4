"""Numbers, money, sizes, dates and moments in the words of whoever reads this request."""

from orion.web.formats import ago, day, joined, lately, listed, moment, money, number, size, weight

__all__ = ["ago", "day", "joined", "lately", "listed", "moment", "money", "number", "size", "weight"]
