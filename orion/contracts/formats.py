"""Numbers, money, sizes, dates and moments in the words of whoever reads this request."""

from orion.web.formats import ago, day, moment, money, number, size

__all__ = ["ago", "day", "moment", "money", "number", "size"]
