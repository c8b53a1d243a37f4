"""The data layer's own tables."""

from sqlalchemy import BigInteger, Column, ForeignKey, Integer, String, Table, Text

from orion.data.tables import BigId, UtcDateTime, metadata

#: How often rows of a vendor and module were written: `version` grows with every transaction that did.
#: vendor_id 0 stands for rows of no vendor.
data_version = Table(
    "orion_data_version",
    metadata,
    Column("vendor_id", BigInteger, primary_key=True, autoincrement=False),
    Column("module", String(64), primary_key=True),
    Column("version", BigInteger, nullable=False),
)

#: What is remembered of a metric between requests and processes. `key` is the cache's key without versions.
#: `value` is the last good value as JSON, of the moment `value_at`; failures are counted since
#: `failing_since`.
metric_state = Table(
    "orion_metric_state",
    metadata,
    Column("key", String(255), primary_key=True),
    Column("value", Text),
    Column("value_at", UtcDateTime),
    Column("failures", Integer, nullable=False, server_default="0"),
    Column("failing_since", UtcDateTime),
    Column("open_until", UtcDateTime),
)

#: What takes an action back, kept for the person who did it; see orion.web.undo. `arguments` is JSON.
undo = Table(
    "orion_undo",
    metadata,
    Column("id_hash", String(64), primary_key=True),
    Column("user_id", BigId, ForeignKey("orion_user.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("place", String(64), nullable=False),
    Column("name", String(80), nullable=False),
    Column("arguments", Text, nullable=False),
    Column("back", Text, nullable=False),
    Column("expires_at", UtcDateTime, nullable=False, index=True),
)
