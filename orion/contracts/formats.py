"""Numbers, money, sizes, dates and moments in the words of whoever reads this request."""

from orion.web.formats import ago, day, listed, moment, money, number, size

__all__ = ["ago", "day", "listed", "moment", "money", "number", "size"]
