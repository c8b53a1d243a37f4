"""List pages: what a module declares, and `render_list`."""

from orion.web.listing.actions import Action, Outcome, answer_list
from orion.web.listing.asked import Asked
from orion.web.listing.export import Sheet
from orion.web.listing.filters import Choice, Dates, Flag, Search
from orion.web.listing.page import Column, ListPage, Total, entity
from orion.web.listing.render import render_list
from orion.web.listing.view import ListView

__all__ = [
    "Action",
    "Asked",
    "Choice",
    "Column",
    "Dates",
    "Flag",
    "ListPage",
    "ListView",
    "Outcome",
    "Search",
    "Sheet",
    "Total",
    "answer_list",
    "entity",
    "render_list",
]
