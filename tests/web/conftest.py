"""A fake module with a form, a list with actions, and something to undo."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import text

from orion.data import migrate
from orion.data.database import db
from orion.data.rules import AS_OWNER
from orion.testing import House, csrf_token, minimal_manifest

HOME = "/vendor/ACME"
MANIFEST = """
permissions:
  - {id: goods.view, label_key: goods.permissions.view, label: View, category: goods}
  - {id: goods.edit, label_key: goods.permissions.edit, label: Edit, category: goods}
"""
MODELS = """
    from sqlalchemy import BigInteger, Text
    from sqlalchemy.orm import Mapped, mapped_column
    from orion.contracts.models import BigId, VendorOwned, Versioned, module_base

    Base = module_base(__name__)

    class Good(Versioned, VendorOwned, Base):
        __tablename__ = "goods_good"
        id: Mapped[int] = mapped_column(BigId, primary_key=True)
        name: Mapped[str] = mapped_column(Text, unique=True)
        price: Mapped[int] = mapped_column(BigInteger, default=0)
        gone: Mapped[bool] = mapped_column(default=False)
"""
REVISION = """
    import sqlalchemy as sa
    from alembic import op
    from orion.data.tables import BigId

    revision = "goods_0001"
    down_revision = None

    def upgrade():
        op.create_table(
            "goods_good",
            sa.Column("id", BigId, primary_key=True),
            sa.Column("vendor_id", sa.BigInteger, nullable=False),
            sa.Column("version", sa.BigInteger, nullable=False),
            sa.Column("name", sa.Text, nullable=False, unique=True),
            sa.Column("price", sa.BigInteger, nullable=False),
            sa.Column("gone", sa.Boolean, nullable=False),
        )
"""
ROUTES = """
    from sqlalchemy import select
    from orion.contracts.data import session
    from orion.contracts.errors import Conflict, Invalid
    from orion.contracts.forms import *
    from orion.contracts.lists import Action, Choice, Column, ListPage, Outcome, answer_list
    from orion.contracts.pages import Pages
    from {package}.goods.models import Good

    pages = Pages(__name__)

    class GoodForm(Form):
        name = TextField("Name", most=20, required=True, hint="What it is called.")
        price = MoneyField("Price", required=True)
        version = VersionField()

    class PriceForm(Form):
        price = MoneyField("Price", required=True)

    def change(scope, good, name, price):
        good.name, good.price = name, price
        session().flush()
        if name == "Refused":
            raise Invalid(errors={{"name": ["That name is taken."], "elsewhere": ["Nor this."]}})
        if name == "Clash":
            raise Conflict("Somebody was quicker.")

    def remove(scope, keys):
        for good in session().scalars(select(Good).where(Good.id.in_(keys))):
            good.gone = True
        return Outcome(f"Removed {{len(keys)}}.", Undo("goods.put_back", ids=list(keys)))

    def reprice(scope, keys, price):
        for good in session().scalars(select(Good).where(Good.id.in_(keys))):
            good.price = price
        if price == 666:
            raise Invalid("Not that price.")
        return Outcome("Repriced.")

    goods = ListPage(
        id="goods.list",
        title="Goods",
        statement=lambda scope: select(Good).where(Good.gone.is_(False)),
        key=Good.id,
        columns=[Column("name", "Name", sort=Good.name, value=lambda r: r.name)],
        filters=[Choice("name", "Name", options=[("Cup", "Cup")], column=Good.name)],
        default_sort="name",
        per_page=2,
        actions=[
            Action(name="remove", label="Remove", permission="goods.edit", run=remove, kind="danger"),
            Action(name="reprice", label="Reprice", permission="goods.edit", run=reprice, form=PriceForm),
        ],
    )

    @pages.page("/goods", permission="goods.view", methods=("GET", "POST"))
    def list_(scope):
        return answer_list(goods, scope)

    @pages.page("/goods/<int:id>", permission="goods.edit", methods=("GET", "POST"))
    def edit(scope, id):
        good = session().get(Good, id)
        form = GoodForm(obj=good, money_in="EUR")
        if form.sent():
            with form.attempt():
                change(scope, good, **form.given())
                return done("Saved.", "/vendor/ACME/goods")
        return form_page(form, title="A good")

    @pages.page("/goods/<int:id>/close", permission="goods.edit", methods=("GET", "POST"))
    def close(scope, id):
        good = session().get(Good, id)
        form = Confirm(word=good.name)
        if form.sent():
            good.gone = True
            return done("Closed.", "/vendor/ACME/goods")
        return confirm_page(form, title="Close?", text="For ever.", submit="Close", back="/vendor/ACME/goods")
"""
UNDO = """
    from orion.contracts.data import session
    from orion.contracts.forms import undoes
    from {package}.goods.models import Good

    @undoes("goods.edit")
    def put_back(scope, ids):
        for key in ids:
            session().get_one(Good, key).gone = False
        return f"Put back {{len(ids)}}."
"""


@dataclass
class Shop:
    """A signed-in person at a place with three goods, and a look at the rows."""

    app: Flask
    client: FlaskClient

    def get(self, path: str) -> Any:
        """A page."""
        return self.client.get(HOME + path)

    def post(self, path: str, **form: Any) -> Any:
        """Send a form with its token."""
        token = csrf_token(self.client.get("/account/sessions").text)
        return self.client.post(HOME + path, data={"csrf_token": token, **form})

    def rows(self, columns: str = "name, price, gone, version") -> list[tuple[Any, ...]]:
        """What the table holds."""
        with self.app.app_context(), db.engines["write"].begin() as connection:
            found = connection.execution_options(**AS_OWNER).execute(
                text(f"SELECT {columns} FROM goods_good ORDER BY id")
            )
            return [tuple(row) for row in found]

    def write(self, statement: str) -> None:
        """Change the table behind everybody's back."""
        with self.app.app_context(), db.engines["write"].begin() as connection:
            connection.execution_options(**AS_OWNER).execute(text(statement))


@pytest.fixture
def shop(house: House, keeper: Callable[[Flask], FlaskClient]) -> Shop:
    """Three goods: Cup, Jug and Mug."""
    sources = {"models": MODELS, "migrations/0001_goods.py": REVISION, "routes_vendor": ROUTES, "undo": UNDO}
    filled = {name: source.format(package=house.package) for name, source in sources.items()}
    house.module("goods", minimal_manifest("goods", MANIFEST), **filled)
    app = house.app()
    migrate.upgrade(app)
    with app.app_context():
        app.extensions["orion"].refresh()
    made = Shop(app, keeper(app))
    made.write(
        "INSERT INTO goods_good (vendor_id, version, name, price, gone) VALUES "
        "(1, 1, 'Cup', 100, false), (1, 1, 'Jug', 200, false), (1, 1, 'Mug', 300, false), "
        "(2, 1, 'Foreign', 9, false)"
    )
    return made
