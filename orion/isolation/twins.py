"""Second classes on walled tables, with a relationship to rows that are no relations.

A model need not have relationships for one to be written tomorrow, and wrongly: the twin's `others` lead from
each row to all others of the table.
"""

from typing import Any

from sqlalchemy import and_, inspect, or_
from sqlalchemy.orm import foreign, registry, relationship, remote

_twins: dict[Any, Any] = {}


def twin_of(model: Any, lazy: Any = "select", itself: bool = False) -> Any:
    """A class mapped to the model's table, made once: `others` are all rows but this one.

    They are of a class of their own, or where it says `itself`, of the same.
    """
    if (model, lazy, itself) not in _twins:
        _twins[model, lazy, itself] = _made(model, lazy, itself)
    return _twins[model, lazy, itself]


def _made(model: Any, lazy: Any, itself: bool) -> Any:
    table: Any = inspect(model).local_table
    twin = type(f"Twin{model.__name__}", (), {})
    target = twin if itself else type(f"Other{model.__name__}", (), {})
    mapped = registry(metadata=table.metadata)
    if target is not twin:
        mapped.map_imperatively(target, table)
    others: Any = relationship(
        target,
        primaryjoin=lambda: _unrelated(table, target),
        viewonly=True,
        uselist=True,
        lazy=lazy,
        join_depth=1,
    )
    mapped.map_imperatively(twin, table, properties={"others": others})
    mapped.configure()
    return twin


def _unrelated(table: Any, target: Any) -> Any:
    """That the other row is another one."""
    there = inspect(target)
    keys = [(c, there.get_property_by_column(c).class_attribute) for c in table.primary_key]
    other = or_(*(remote(foreign(attribute)) != column for column, attribute in keys))
    return and_(other, remote(foreign(keys[0][1])).is_not(None))
