"""The floor: a bare Flask application that does as little as can be done. See bench/README.md.

It checks a session row, then reads the same figures or orders as Orion's pages, by raw SQL, without a wall
and without a permission: `python -m bench.floor DATABASE_URL VENDOR_ID PORT`.
"""

import sqlite3
import sys
import threading
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any

from flask import Flask, Response, abort, redirect, render_template_string, request
from sqlalchemy.engine import make_url
from waitress import serve

SESSION = "SELECT user_id FROM orion_session WHERE id_hash = ? AND expires_at > ?"
TILE = """
    SELECT sum(revenue) FROM orders_daily
    WHERE vendor_id = ? AND business_date BETWEEN ? AND ? AND status NOT IN ('draft', 'cancelled')
"""
COLUMNS = "id, number, placed_at, customer_name, status, total, currency"
FIRST = f"SELECT {COLUMNS} FROM orders_order WHERE vendor_id = ? ORDER BY placed_at DESC, id DESC LIMIT 51"
AFTER = f"""
    SELECT {COLUMNS} FROM orders_order WHERE vendor_id = ? AND (placed_at, id) < (?, ?)
    ORDER BY placed_at DESC, id DESC LIMIT 51
"""
MIDDLE = "SELECT placed_at, id FROM orders_order WHERE vendor_id = ? ORDER BY placed_at DESC LIMIT 1 OFFSET ?"
ORDER = """
    INSERT INTO orders_order (vendor_id, platform_id, public_id, number, number_norm, kind, status, placed_at,
    business_date, customer_name, customer_norm, country, currency, total, units, source, content_hash,
    origin_number, email, ship_to, refunded, version)
    SELECT vendor_id, platform_id, ?, ?, ?, kind, 'placed', placed_at, business_date, '', '', '', currency,
    1000, 1, 'manual', '', '', '', '', 0, 1 FROM orders_order WHERE vendor_id = ? AND kind = 'sale'
    LIMIT 1 RETURNING id
"""
LINE = """
    INSERT INTO orders_line (vendor_id, platform_id, order_id, position, business_date, currency, sku, title,
    quantity, unit_price, total, tax, shipped, dropped, returned, refunded)
    SELECT vendor_id, platform_id, id, 1, business_date, currency, '', 'Cup', 1, '10.00', 1000, NULL,
    0, 0, 0, 0 FROM orders_order WHERE vendor_id = ? AND id = ?
"""
PAGE = """<!doctype html><title>Orders</title><table>{% for row in rows %}<tr>{% for cell in row[1:] %}
<td>{{ cell }}</td>{% endfor %}</tr>{% endfor %}</table>"""


class Base:
    """A connection for each thread, to either kind of database."""

    def __init__(self, url: str) -> None:
        self.url, self.here = make_url(url), threading.local()

    def _open(self) -> Any:
        if self.url.get_backend_name() == "sqlite":
            made = sqlite3.connect(self.url.database or "", isolation_level=None, timeout=30)
            made.execute("PRAGMA journal_mode = wal")
            made.execute("PRAGMA synchronous = normal")
            return made
        import psycopg

        plain = self.url.set(drivername="postgresql").render_as_string(hide_password=False)
        return psycopg.connect(plain, autocommit=True)

    def ask(self, sql: str, *values: Any) -> list[Any]:
        """Rows of a statement with `?` for its values."""
        if not hasattr(self.here, "connection"):
            self.here.connection = self._open()
        if self.url.get_backend_name() != "sqlite":
            sql = sql.replace("?", "%s")
        cursor = self.here.connection.execute(sql, values)
        return list(cursor.fetchall()) if cursor.description else []


def floor(url: str, vendor: int) -> Flask:
    """The application."""
    app, base = Flask("floor"), Base(url)

    @app.before_request
    def check() -> None:
        key = sha256(request.cookies.get("orion_staff", "").encode()).hexdigest()
        moment = datetime.now(UTC).replace(tzinfo=None)
        if request.path != "/healthz" and not base.ask(SESSION, key, str(moment)):
            abort(401)

    @app.get("/healthz")
    def health() -> str:
        return "ok"

    @app.get("/tile")
    def tile() -> Any:
        [(total,)] = base.ask(TILE, vendor, request.args["from"], request.args["to"])
        return {"value": int(total or 0)}

    @app.get("/orders")
    def orders() -> str:
        at = request.args.get("at")
        rows = base.ask(AFTER, vendor, *at.split("|")) if at else base.ask(FIRST, vendor)
        return render_template_string(PAGE, rows=rows[:50])

    @app.get("/middle")
    def middle() -> str:
        [(at, key)] = base.ask(MIDDLE, vendor, int(request.args["offset"]))
        return f"{at}|{key}"

    @app.post("/orders")
    def write() -> Response:
        number = request.form["number"]
        base.ask("BEGIN")
        [(key,)] = base.ask(ORDER, number, number, number, vendor)
        base.ask(LINE, vendor, key)
        base.ask("COMMIT")
        return redirect("/orders", 303)  # type: ignore[return-value]

    return app


if __name__ == "__main__":
    serve(floor(sys.argv[1], int(sys.argv[2])), host="127.0.0.1", port=int(sys.argv[3]), threads=8)
