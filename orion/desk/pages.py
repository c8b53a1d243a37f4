"""The pages of the desk, on both frontends."""

from flask import Flask

from orion.desk import keys, memory, notice_pages, search_pages, tile_pages, view_pages
from orion.desk.urls import add_pages

READ, BOTH, SEND = ("GET",), ("GET", "POST"), ("POST",)


def init_app(app: Flask) -> None:
    """Give the application its desks and their pages."""
    memory.init_app(app)
    keys.init_app(app)
    add_pages(
        app,
        ("search", "/search", search_pages.search, READ),
        ("keys", "/keys", search_pages.keys, BOTH),
        ("notices", "/notifications", notice_pages.notices, BOTH),
        ("arrange", "/arrange", tile_pages.arrange, BOTH),
        ("new_view", "/views/new", view_pages.new_view, BOTH),
        ("view", "/views/<public_id>", view_pages.view, BOTH),
        ("delete_view", "/views/<public_id>/delete", view_pages.delete_view, SEND),
    )
