"""Acting at a place of a portal, with every right, and without a page."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from unittest.mock import patch

from flask import Flask

from orion.contracts.audit import Entry
from orion.contracts.data import entered, session
from orion.contracts.scope import Scope
from orion.installation import Installation


class _Keeper(list[Entry]):
    """An audit log that is only remembered."""

    def keep(self, scope: Scope, entry: Entry) -> None:
        """See AuditKeeper."""
        self.append(entry)


@dataclass
class Portal:
    """An application; a module's own portal knows besides what is in it. The vendor is SHOP unless named."""

    app: Flask

    @contextmanager
    def at(
        self, vendor: str | None = "SHOP", platform: str | None = None, write: bool = False
    ) -> Iterator[Scope]:
        """A frame at a place with every right; a writing one commits at its end."""
        with self.app.test_request_context():
            scope = self.app.extensions["orion"].command_scope(vendor=vendor, platform=platform)
            with entered(scope, write=write):
                yield scope
                if write:
                    session().commit()

    @contextmanager
    def audited(self) -> Iterator[list[Entry]]:
        """What is recorded for the audit log meanwhile; the log itself doesn't get it."""
        keeper = _Keeper()
        with patch.object(Installation, "audit_keeper", keeper):
            yield keeper

    def run(self, service: Callable[..., Any], *arguments: Any, vendor: str = "SHOP", **options: Any) -> Any:
        """Call a service; its rows are read to the end before its frame is left."""
        with self.at(vendor, write=True) as scope:
            return service(scope, *arguments, **options)
