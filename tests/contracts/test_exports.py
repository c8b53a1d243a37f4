"""Whatever modules there are: a list that can be had as a file gives its own rows, to those who may."""

import csv
import io
from typing import Any

from flask import template_rendered

from orion.contracts.lists import ListView
from tests.contracts.conftest import Portal
from tests.contracts.people import Limited


def _lists(portal: Portal, code: str) -> list[tuple[str, str, ListView]]:
    """(frontend, address, list) of a module's lists that offer a file."""
    found: list[tuple[str, str, ListView]] = []
    shown: list[ListView] = []

    def note(_app: Any, context: dict[str, Any], **_more: Any) -> None:
        shown.extend([context["listing"]] if "listing" in context else [])

    with template_rendered.connected_to(note, portal.app):
        for spec in portal.pages(code):
            address = portal.address(spec.frontend, spec.rule.replace("<vendor_code>", "{vendor_code}"))
            if "<" not in address:
                portal.get(spec.frontend, address, query_string={"count": "exact"})
                found += [(spec.frontend, address, one) for one in shown if one.exports]
                shown.clear()
    return found


def _file(portal: Portal, frontend: str, address: str, **how: Any) -> Any:
    return portal.get(frontend, address, query_string={"export": "csv"}, **how)


def test_a_file_has_a_line_for_each_row_of_its_list(portal: Portal, code: str) -> None:
    for frontend, address, listing in _lists(portal, code):
        answer = _file(portal, frontend, address)
        assert answer.status_code == 200 and answer.mimetype == "text/csv", address
        assert answer.headers["Cache-Control"] == "private, no-store" and answer.is_streamed, address
        head, *rows = csv.reader(io.StringIO(answer.text.removeprefix("\ufeff")))
        assert len(rows) == listing.count or (listing.in_full and len(rows) > listing.count), address
        assert {len(row) for row in rows} == {len(head)}, address


def test_a_file_is_for_those_who_hold_its_permission(portal: Portal, rights: Limited, code: str) -> None:
    export = f"{code}.export"
    for frontend, address, _listing in _lists(portal, code):
        rights.only = portal.orion.registry.permissions - {export}
        offered = "export=csv" in portal.get(frontend, address).text
        assert offered is (export not in portal.orion.registry.permissions), address
        assert _file(portal, frontend, address, buffered=True).status_code == (200 if offered else 403), (
            address
        )
        rights.only = None
