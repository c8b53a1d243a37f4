"""What a module's models are made of."""

import secrets
from typing import Any, ClassVar

from sqlalchemy import BigInteger, ForeignKeyConstraint, Index, MetaData, UniqueConstraint
from sqlalchemy.orm import DeclarativeBase, Mapped, declared_attr, mapped_column, registry

from orion.data.folding import normalise, refold, refolded
from orion.data.tables import BigId, NormText, UtcDateTime, Wall, metadata
from orion.data.words import mark

__all__ = [
    "BigId",
    "NormText",
    "PlatformOwned",
    "UtcDateTime",
    "VendorOwned",
    "Versioned",
    "Wall",
    "WordOf",
    "module_base",
    "normalise",
    "platform_fk",
    "platform_key",
    "public_id",
    "refold",
    "refolded",
    "tenant_fk",
    "tenant_key",
    "word_keys",
]


def module_base(name: str) -> Any:
    """The declarative base of a module: `Base = module_base(__name__)` in its models.py.

    Each module has its own registry on the one MetaData, so a broken mapper stays its own
    trouble. A table whose name isn't prefixed by the module's id raises TypeError, and so does a
    table with a vendor_id that states no wall. Rows of a model with `__append_only__ = True` are
    added and never changed or deleted: PostgreSQL gives the application no right to.
    """
    code = name.split(".")[1] if "." in name else name

    class Base(DeclarativeBase):
        registry = _registry(metadata)
        module: ClassVar[str] = code
        __wall__: ClassVar[Wall | None] = None
        __append_only__: ClassVar[bool] = False
        __words__: ClassVar[tuple[Any, ...]]

        def __init_subclass__(cls, **kwargs: Any) -> None:
            name = cls.__dict__.get("__tablename__", f"{code}_")
            if not name.startswith(f"{code}_"):
                raise TypeError(f"table {name} of module {code} must be named {code}_…")
            super().__init_subclass__(**kwargs)
            table = cls.__dict__.get("__table__")
            if table is None:
                return
            walls = (c.__dict__.get("__wall__") for c in cls.__mro__)
            wall = next((found for found in walls if found is not None), None)
            if wall is None and "vendor_id" in table.columns:
                raise TypeError(f"table {table.name} has a vendor_id and states no wall")
            if "__words__" in cls.__dict__:
                mark(table, cls.__words__[0].__table__, cls.__words__[1:])
            table.info.update(module=code, wall=wall, append_only=cls.__dict__.get("__append_only__", False))
            if wall is not None and wall.seen_on:
                # PostgreSQL gives a new row back only to who may see it: nobody before it was seen.
                table.implicit_returning = False

    return Base


def _registry(on: MetaData) -> registry:
    return registry(metadata=on)


class VendorOwned:
    """Rows that belong to one vendor."""

    __wall__ = Wall(vendor="vendor_id")

    @declared_attr
    def vendor_id(cls) -> Mapped[int]:
        return mapped_column(BigInteger, nullable=False)


class PlatformOwned(VendorOwned):
    """Rows of a vendor that came about on one platform."""

    __wall__ = Wall(vendor="vendor_id", platform="platform_id")

    @declared_attr
    def platform_id(cls) -> Mapped[int]:
        return mapped_column(BigInteger, nullable=False)


class Versioned:
    """Rows that people edit in forms: `version` grows with every change, and a change of another version
    than the one that was read raises. Statements that change many rows raise it themselves."""

    @declared_attr
    def version(cls) -> Mapped[int]:
        return mapped_column(BigInteger, nullable=False, default=1)

    @declared_attr.directive
    def __mapper_args__(cls) -> dict[str, Any]:
        return {"version_id_col": cls.version}


class WordOf:
    """Words by whose beginning rows of another model are found: `__words__ = (Customer, "name_norm", …)` says
    which of its columns of `NormText` they are in. Whoever writes such a row has its words written too."""

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    word: Mapped[str] = mapped_column(NormText)


def word_keys(table: str, row: str, of: str, owners: tuple[str, ...] = ("vendor_id",)) -> tuple[Any, ...]:
    """The keys and indexes of a table of words of rows of the table `of`, whose id is `row` here."""
    there = [f"{of}.{name}" for name in (*owners, "id")]
    return (
        ForeignKeyConstraint([*owners, row], there, ondelete="CASCADE"),
        UniqueConstraint(*owners, "word", row),
        # For those who see every owner's.
        *([Index(f"ix_{table}_word", "word", row)] if owners else []),
        Index(f"ix_{table}_{row}", *owners, row),
    )


def tenant_key() -> UniqueConstraint:
    """`UNIQUE (vendor_id, id)`: what composite foreign keys of the same vendor point at."""
    return UniqueConstraint("vendor_id", "id")


def tenant_fk(column: str, table: str, ondelete: str = "RESTRICT") -> ForeignKeyConstraint:
    """A foreign key that can't leave its vendor: `(vendor_id, column)` → `table (vendor_id, id)`.

    `ondelete` is RESTRICT or CASCADE: SET NULL would empty vendor_id too.
    """
    return _owned_fk(("vendor_id",), column, table, ondelete)


def platform_key() -> UniqueConstraint:
    """`UNIQUE (vendor_id, platform_id, id)`: what the foreign keys of rows of the same platform point at."""
    return UniqueConstraint("vendor_id", "platform_id", "id")


def platform_fk(column: str, table: str, ondelete: str = "RESTRICT") -> ForeignKeyConstraint:
    """A foreign key that can leave neither its vendor nor its platform, to a table with a `platform_key`:
    `(vendor_id, platform_id, column)` → `table (vendor_id, platform_id, id)`; else as `tenant_fk`.
    """
    return _owned_fk(("vendor_id", "platform_id"), column, table, ondelete)


def _owned_fk(owners: tuple[str, ...], column: str, table: str, ondelete: str) -> ForeignKeyConstraint:
    if ondelete not in ("RESTRICT", "CASCADE"):
        raise ValueError("a tenant's foreign key is RESTRICT or CASCADE")
    there = [f"{table}.{name}" for name in (*owners, "id")]
    return ForeignKeyConstraint([*owners, column], there, ondelete=ondelete)


_ALPHABET = "23456789abcdefghjkmnpqrstuvwxyz"
_PAIRS = [one + other for one in _ALPHABET for other in _ALPHABET]


def public_id() -> str:
    """A new id for URLs: 14 characters that can't be guessed (69 bits) nor misread."""
    # Of so many bits the remainders are as good as even, and asking for them once costs a tenth.
    number, pairs = secrets.randbits(128), []
    for _ in range(7):
        number, at = divmod(number, len(_PAIRS))
        pairs.append(_PAIRS[at])
    return "".join(pairs)
