"""Whether a vendor's books agree: a recount of the rows in plain SQL, apart from all that wrote them."""

from typing import Any

from orion.contracts.data import session

#: What no book may say: title → a query for what breaks it, as text. `{v}` is the vendor.
BROKEN = {
    "a level is not the sum of its movements": """
        SELECT 'variant ' || variant_id || ' at ' || location_id || ': ' || sum(n) FROM (
            SELECT variant_id, location_id, on_hand AS n FROM inventory_level WHERE vendor_id = {v}
            UNION ALL
            SELECT variant_id, location_id, -quantity FROM inventory_movement WHERE vendor_id = {v}
        ) AS both_sides GROUP BY variant_id, location_id HAVING sum(n) <> 0""",
    "a level is below nothing": """
        SELECT 'variant ' || variant_id || ' at ' || location_id || ': ' || on_hand
        FROM inventory_level WHERE vendor_id = {v} AND on_hand < 0""",
    "on hand is not the sum of the levels": """
        SELECT 'variant ' || variant_id || ': ' || sum(n) FROM (
            SELECT variant_id, on_hand AS n FROM inventory_item WHERE vendor_id = {v}
            UNION ALL
            SELECT variant_id, -on_hand FROM inventory_level WHERE vendor_id = {v}
        ) AS both_sides GROUP BY variant_id HAVING sum(n) <> 0""",
    "available is not on hand less promises": """
        SELECT 'variant ' || variant_id || ': ' || sum(n) FROM (
            SELECT variant_id, on_hand - available AS n FROM inventory_item WHERE vendor_id = {v}
            UNION ALL
            SELECT variant_id, -quantity FROM inventory_reservation WHERE vendor_id = {v}
        ) AS both_sides GROUP BY variant_id HAVING sum(n) <> 0""",
    "a promise is not what an order has still to get": """
        SELECT 'order ' || order_key || ', variant ' || variant_id || ': ' || sum(n) FROM (
            SELECT o.public_id AS order_key, c.id AS variant_id, l.quantity - l.shipped - l.dropped AS n
            FROM orders_line AS l
            JOIN orders_order AS o ON o.vendor_id = {v} AND o.id = l.order_id
            JOIN catalog_variant AS c ON c.vendor_id = {v} AND c.sku = l.sku AND c.sku LIKE 'COUNTED-%'
            WHERE l.vendor_id = {v} AND o.kind = 'sale'
            AND o.status IN ('placed', 'confirmed', 'packed', 'part_shipped')
            UNION ALL
            SELECT r.order_key, r.variant_id, -r.quantity FROM inventory_reservation AS r
            JOIN catalog_variant AS c ON c.vendor_id = {v} AND c.id = r.variant_id AND c.sku LIKE 'COUNTED-%'
            WHERE r.vendor_id = {v}
        ) AS both_sides GROUP BY order_key, variant_id HAVING sum(n) <> 0""",
    "a document is not the sum of its lines": """
        SELECT number || ': ' || total || ' of ' || units FROM orders_order AS o
        WHERE vendor_id = {v} AND (
            total <> (SELECT sum(l.total) FROM orders_line AS l
                      WHERE l.vendor_id = {v} AND l.order_id = o.id)
            OR units <> (SELECT sum(l.quantity) FROM orders_line AS l
                         WHERE l.vendor_id = {v} AND l.order_id = o.id))""",
    "what was refunded is not what refunds say": """
        SELECT number || ': ' || refunded FROM orders_order AS o
        WHERE vendor_id = {v} AND kind = 'sale' AND (
            refunded <> (SELECT sum(l.refunded) FROM orders_line AS l
                         WHERE l.vendor_id = {v} AND l.order_id = o.id)
            OR refunded <> (SELECT coalesce(-sum(r.total), 0) FROM orders_order AS r
                            WHERE r.vendor_id = {v} AND r.kind = 'refund' AND r.origin_number = o.number))""",
    "a line has more gone, come back or refunded than it had": """
        SELECT 'line ' || l.id FROM orders_line AS l
        JOIN orders_order AS o ON o.vendor_id = {v} AND o.id = l.order_id AND o.kind = 'sale'
        WHERE l.vendor_id = {v} AND NOT (
            l.shipped >= 0 AND l.dropped >= 0 AND l.returned BETWEEN 0 AND l.shipped
            AND l.shipped + l.dropped <= l.quantity AND l.refunded BETWEEN 0 AND l.total)""",
    "parcels are not what was shipped": """
        SELECT 'order ' || order_id || ', line ' || position || ': ' || sum(n) FROM (
            SELECT l.order_id, l.position, l.shipped AS n FROM orders_line AS l
            JOIN orders_order AS o ON o.vendor_id = {v} AND o.id = l.order_id AND o.kind = 'sale'
            WHERE l.vendor_id = {v}
            UNION ALL
            SELECT s.order_id, p.position, -p.quantity FROM orders_shipment_line AS p
            JOIN orders_shipment AS s ON s.vendor_id = {v} AND s.id = p.shipment_id WHERE p.vendor_id = {v}
        ) AS both_sides GROUP BY order_id, position HAVING sum(n) <> 0""",
    "a day is not what its documents add up to": """
        SELECT business_date || ' ' || currency || ' ' || kind || ' ' || status || ': ' || sum(n)
        FROM (
            SELECT business_date, platform_id, currency, kind, status, orders AS n, units AS u, revenue AS r
            FROM orders_daily WHERE vendor_id = {v}
            UNION ALL
            SELECT business_date, platform_id, currency, kind, status, -1, -units, -total
            FROM orders_order WHERE vendor_id = {v}
        ) AS both_sides GROUP BY business_date, platform_id, currency, kind, status
        HAVING sum(n) <> 0 OR sum(u) <> 0 OR sum(r) <> 0""",
    "invoice numbers have a gap or a double": """
        SELECT year || ': ' || count(*) || ' up to ' || max(number) FROM orders_invoice
        WHERE vendor_id = {v} GROUP BY year
        HAVING count(*) <> max(number) OR count(DISTINCT number) <> max(number) OR min(number) <> 1""",
    "order numbers have a gap": """
        SELECT s.last || ' given' FROM orders_series AS s WHERE s.vendor_id = {v} AND s.kind = 'order'
        AND s.last <> (SELECT count(*) FROM orders_order AS o
                       WHERE o.vendor_id = {v} AND o.source = 'manual' AND o.kind = 'sale')""",
}


def disagreements(vendor_id: int) -> list[str]:
    """What is wrong in the frame entered here, one line each. Asked of the driver, in this transaction."""
    parts = [f"SELECT '{title}' AS title, found FROM ({_named(sql)}) AS part{number}"
             for number, (title, sql) in enumerate(BROKEN.items())]  # fmt: skip
    return [f"{title}: {found}" for title, found in plain(" UNION ALL ".join(parts), vendor_id)]


def _named(sql: str) -> str:
    """The query with its one column called `found`."""
    head, _, rest = sql.strip().partition(" FROM ")
    return f"{head} AS found FROM {rest}"


def plain(sql: str, vendor_id: int) -> list[Any]:
    """Rows of a statement that nothing of Orion has looked at."""
    session().flush()
    driver: Any = session().connection().connection.driver_connection
    cursor = driver.cursor()
    try:
        return list(cursor.execute(sql.replace("{v}", str(int(vendor_id)))).fetchall())
    finally:
        cursor.close()
