"""The last good text of each manifest, kept by content: it serves while the file is broken."""

import logging
from collections.abc import Mapping
from datetime import UTC, datetime
from hashlib import sha256

from flask import Flask
from sqlalchemy import Column, LargeBinary, String, Table, insert, select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from orion.contracts.scope import system_scope
from orion.data.database import entered
from orion.data.faults import DatabaseGone
from orion.data.tables import UtcDateTime, metadata

log = logging.getLogger("orion.manifest")
#: The text of a file before and after: None where there was none.
Edit = tuple[bytes | None, bytes]

manifest_text = Table(
    "orion_manifest_text",
    metadata,
    Column("code", String(64), primary_key=True),
    Column("digest", String(64), primary_key=True),
    Column("text", LargeBinary, nullable=False),
    Column("seen_at", UtcDateTime, nullable=False),
)


def remember(app: Flask, texts: Mapping[str, bytes]) -> dict[str, Edit]:
    """Keep texts that were found good, unless they are the newest kept already.

    Gives code → (before, after) of those that were another text before, or none while others were known: of
    several processes that see the same change, to the first. A database that is away or not migrated yet is
    no reason not to start: it is logged.
    """
    changed: dict[str, Edit] = {}
    try:
        with app.app_context(), entered(system_scope("bookkeeping"), write=True) as session:
            newest = _newest(session)
            for code, text in sorted(texts.items()):
                if newest.get(code, ("",))[0] != sha256(text).hexdigest():
                    if newest:
                        changed[code] = (newest[code][1] if code in newest else None, text)
                    keep(session, code, text)
            session.commit()
    except SQLAlchemyError as error:
        _note("good manifests are not kept", error)
        return {}
    return changed


def keep(session: Session, code: str, text: bytes) -> None:
    """Make a text the newest good one, in the caller's transaction."""
    digest = sha256(text).hexdigest()
    known = (manifest_text.c.code == code, manifest_text.c.digest == digest)
    session.execute(manifest_text.delete().where(*known))
    row = {"code": code, "digest": digest, "text": text, "seen_at": datetime.now(UTC)}
    session.execute(insert(manifest_text).values(row))


def known_text(session: Session, code: str, digest: str) -> bytes | None:
    """A text that was good once, by its SHA-256 in hexadecimal."""
    known = (manifest_text.c.code == code, manifest_text.c.digest == digest)
    return session.scalar(select(manifest_text.c.text).where(*known))


def last_good(app: Flask, code: str) -> bytes | None:
    """The newest good text of a module's manifest, or None."""
    try:
        with app.app_context(), entered(system_scope("bookkeeping")) as session:
            return _newest(session).get(code, (None, None))[1]
    except SQLAlchemyError as error:
        _note("no good manifest can be read", error)
        return None


def all_last_good(app: Flask) -> dict[str, bytes]:
    """The newest good text of every file that ever was one, by code; nothing where the database has none."""
    try:
        with app.app_context(), entered(system_scope("bookkeeping")) as session:
            return {code: text for code, (_, text) in _newest(session).items()}
    except SQLAlchemyError as error:
        _note("no good manifests can be read", error)
        return {}


def _note(what: str, error: SQLAlchemyError) -> None:
    """A database that isn't there yet, or is away, is everybody's news and no warning of this one."""
    level = logging.DEBUG if isinstance(error, DatabaseGone) else logging.WARNING
    log.log(level, what, extra={"error": type(error).__name__})


def _newest(session) -> dict[str, tuple[str, bytes]]:  # type: ignore[no-untyped-def]
    """Code → (digest, text), the newest of each."""
    rows = session.execute(select(manifest_text).order_by(manifest_text.c.seen_at))
    return {row.code: (row.digest, row.text) for row in rows}
