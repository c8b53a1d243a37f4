"""The rules of `orion.data.rules` in the databases' own SQL, made from a table's `Wall`.

PostgreSQL has them as policies, which read the scope from settings of the transaction. SQLite has them as
views, which read it from functions of the connection. Without a scope no row fits.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import Table

from orion.contracts.scope import Everything, Ids, Scope, ScopeKind
from orion.data.tables import Wall, wall_of

#: The setting that holds all ids, and the one that holds none.
ALL_IDS, NO_SCOPE = "*", ""


@dataclass(frozen=True, slots=True)
class Dialect:
    """How a database is asked for the scope. `among` has a place for a column and for a side.

    `every` and `kinds` are conditions without a row in them, which the database asks once a statement.
    """

    schema: str
    every: Mapping[str, str]
    among: str
    by_platform: str
    everywhere: str

    def fits(self, side: str, column: str) -> str:
        """That a column's id is among those of one side of the scope, `vendors` or `platforms`."""
        return f"({self.every[side]} OR {self.among.format(column=column, side=side)})"


def _setting(name: str) -> str:
    return f"current_setting('app.{name}', true)"


# A condition in a `(SELECT …)` of its own is asked once a statement, and not once a row.
POSTGRESQL = Dialect(
    schema="",
    every={side: f"(SELECT {_setting(side)} = '{ALL_IDS}')" for side in ("vendors", "platforms")},
    # Of what is asked once all is asked, also what another answer has made needless.
    among="{column} = ANY ((SELECT nullif(nullif(current_setting('app.{side}', true), ''), '*')::bigint[])"
    "::bigint[])",
    by_platform=f"(SELECT {_setting('kind')} = 'platform')",
    everywhere=f"(SELECT {_setting('kind')} NOT IN ('', 'platform', 'vendor_on_platform'))",
)
SQLITE = Dialect(
    schema="main.",
    every={side: f"wall_every_{side}()" for side in ("vendors", "platforms")},
    # Most scopes have one id, which is compared for less than a list is searched.
    among="({column} = wall_one_of_{side}() OR {column} IN (SELECT value FROM json_each(wall_{side}())))",
    by_platform="wall_by_platform()",
    everywhere="wall_everywhere()",
)


def settings(scope: Scope | None) -> list[str]:
    """The scope of a transaction on PostgreSQL, as statements; without one, that there is none.

    Each transaction says it, so that nothing is left of the one before.
    """
    values = scope_values(scope, "{%s}")
    return [f"SET LOCAL app.{name} = '{value}'" for name, value in values.items()]


def scope_values(scope: Scope | None, form: str) -> dict[str, str]:
    """Kind, vendors and platforms of a scope as text. Ids are numbers, joined by commas into `form`."""
    if scope is None or scope.kind is ScopeKind.NONE:
        return {"kind": NO_SCOPE, "vendors": NO_SCOPE, "platforms": NO_SCOPE}
    vendors, platforms = _ids(scope.vendors, form), _ids(scope.platforms, form)
    return {"kind": scope.kind.value, "vendors": vendors, "platforms": platforms}


def _ids(ids: Ids, form: str) -> str:
    return ALL_IDS if isinstance(ids, Everything) else form % ",".join(str(int(id_)) for id_ in sorted(ids))


def readable(table: Table, on: Dialect) -> str:
    """The condition for rows of a walled table that a scope sees."""
    wall = _wall(table)
    if wall.either:
        by_platform = f"({on.by_platform} AND {on.fits('platforms', _column(wall.platform))})"
        return f"({on.fits('vendors', _column(wall.vendor))} OR {by_platform})"
    seen = [_seen(table, wall, on)] if wall.seen_on else []
    return " AND ".join([_owned(wall, on), *seen])


def writable(table: Table, on: Dialect) -> str:
    """The condition for rows of a walled table that may be written under a scope."""
    wall = _wall(table)
    if not wall.either:
        return _owned(wall, on)
    vendor, platform = _column(wall.vendor), _column(wall.platform)
    vendors_row = f"({vendor} IS NOT NULL AND {on.fits('vendors', vendor)})"
    among = on.among.format(column=platform, side="platforms")
    nobodys = f"({on.every['platforms']} OR ({on.by_platform} AND {among}))"
    return f"({vendors_row} OR ({vendor} IS NULL AND {nobodys}))"


def _owned(wall: Wall, on: Dialect) -> str:
    rules = []
    if wall.vendor is not None:
        among = on.fits("vendors", _column(wall.vendor))
        # A platform reads all rows that were made on it, those of vendors that have left included.
        rules.append(f"({on.by_platform} OR {among})" if wall.platform is not None else among)
    if wall.platform is not None:
        rules.append(on.fits("platforms", _column(wall.platform)))
    return " AND ".join(rules)


def _seen(table: Table, wall: Wall, on: Dialect) -> str:
    among = on.among.format(column="wall_seen.platform_id", side="platforms")
    here = f"{on.schema}{_column(table.name)}"
    # Not EXISTS, for which PostgreSQL may read all that was seen on a platform to show a page of it.
    seen = (
        f"SELECT true FROM {on.schema}{_column(wall.seen_on)} AS wall_seen"
        f" WHERE wall_seen.vendor_id = {here}.{_column(wall.vendor)}"
        f" AND wall_seen.{_column(wall.seen_key)} = {here}.{_column(wall.seen_by)} AND {among} LIMIT 1"
    )
    return f"({on.everywhere} OR ({seen}))"


def _column(name: str | None) -> str:
    return f'"{name}"'


def _wall(table: Table) -> Wall:
    wall = wall_of(table)
    if wall is None:
        raise ValueError(f"{table.name} has no wall")
    return wall
