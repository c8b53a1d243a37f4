"""A vendor's trade in any order: entering, sending, refunding, moving stock, and undoing it.

A run is one transaction and each of its steps a savepoint; it is rolled back, so that all runs begin alike.
"""

from collections import Counter
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from importlib import import_module
from types import ModuleType
from typing import Any, ClassVar

from flask import Flask
from hypothesis import HealthCheck, Phase, settings
from hypothesis import seed as seeded
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule
from hypothesis.stateful import run_state_machine_as_test as run_machine
from sqlalchemy import select

from orion.contracts.data import entered, session, system_scope
from orion.contracts.errors import Conflict, Invalid
from orion.contracts.scope import Scope
from tests.fuzz.books import disagreements, plain

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
#: Modules without which there is no such trade.
NEEDED = ("catalog", "inventory", "orders")
SKUS = ("COUNTED-1", "COUNTED-2", "UNCOUNTED")
STEPS = 50

WHICH = st.integers(0, 11)
SKU = st.integers(0, len(SKUS) - 1)
UNITS = st.integers(0, 4)
LINES = st.lists(st.tuples(SKU, st.integers(1, 3), st.integers(0, 999)), min_size=1, max_size=3)
PART = st.lists(UNITS, min_size=1, max_size=3)
MONEY = st.none() | st.integers(0, 1200)


@dataclass
class Market:
    """A vendor with two locations and a few goods. `vendor` is its row id."""

    app: Flask
    scope: Scope
    variants: Sequence[int]
    places: Sequence[str]
    orders: ModuleType
    stock: ModuleType
    ways: frozenset[tuple[str, str, str]]
    #: How often each step was done, and how often it was refused.
    done: Counter[str] = field(default_factory=Counter)
    refused: Counter[str] = field(default_factory=Counter)

    @property
    def vendor(self) -> int:
        assert self.scope.vendor is not None
        return self.scope.vendor.id


def market(app: Flask) -> Market:
    """Open a vendor SHOP on the platform east of an application without rows; committed."""
    tenants, system = import_module("modules.tenancy.api"), system_scope("seed")
    orders, stock = (import_module(f"modules.{code}.services") for code in ("orders", "inventory"))
    with app.app_context(), entered(system, write=True) as writing:
        platform = tenants.create_platform(system, "east", "East", now=NOW)
        vendor = tenants.create_vendor(system, "SHOP", "Shop", currency="EUR", zone="UTC", now=NOW)
        tenants.join_platform(system, vendor, platform, vendor.created_on)
        writing.commit()
    with app.test_request_context():
        scope = app.extensions["orion"].command_scope(vendor="SHOP")
        with entered(scope, write=True) as writing:
            variants = _goods(scope)
            places = [stock.first_location(scope).public_id, stock.add_location(scope, "Cellar").public_id]
            for variant in variants[:2]:
                stock.receive(scope, variant, places[0], 9, now=NOW)
            writing.commit()
    ways = frozenset(import_module("modules.orders.states").ways())
    return Market(app, scope, variants, places, orders, stock, ways)


def _goods(scope: Scope) -> Sequence[int]:
    catalog = import_module("modules.catalog.api")
    for sku in SKUS:
        product, facts = catalog.ProductFacts(f"Good {sku}"), catalog.VariantFacts(sku=sku, price=333)
        catalog.create(scope, product, facts, now=NOW, status="active")
    return list(session().scalars(select(catalog.Variant.id).order_by(catalog.Variant.id)))


class Trade(RuleBasedStateMachine):
    """A run. Whatever is done or refused, the books agree, and sales go no way that isn't written down."""

    market: ClassVar[Market]

    def __init__(self) -> None:
        super().__init__()
        self.open, self.now = ExitStack(), NOW
        self.states: dict[str, str] = {}
        self.batches: list[str] = []
        self.undoable: list[tuple[str, dict[str, str]]] = []

    @initialize(sales=st.lists(LINES, min_size=1, max_size=4))
    def begin(self, sales: list[list[tuple[int, int, int]]]) -> None:
        self.open.enter_context(self.market.app.test_request_context())
        self.open.enter_context(entered(self.market.scope, write=True))
        for lines in sales:
            self.enter(lines, place=True)

    def teardown(self) -> None:
        self.open.close()

    # -- sales ------------------------------------------------------------------------------------

    @rule(lines=LINES, place=st.booleans())
    def enter(self, lines: list[tuple[int, int, int]], place: bool) -> None:
        orders = self.market.orders
        made = [orders.EntryLine(SKUS[n], units, price, SKUS[n], Decimal(17)) for n, units, price in lines]
        key = self.do("enter", orders.enter, orders.Entry("east", "EUR", made))
        if place:
            self._place(key)

    @rule(which=WHICH)
    def place(self, which: int) -> None:
        self._place(self.sale(which, "draft"))

    def _place(self, key: str) -> None:
        """A sale that is placed was promised nothing that isn't there."""
        if self.do("place", self.market.orders.advance, [key], "place"):
            short = """
                SELECT i.variant_id FROM inventory_item AS i JOIN inventory_reservation AS r
                ON r.vendor_id = {v} AND r.variant_id = i.variant_id AND r.order_key = """
            assert (
                plain(f"{short}'{key}' WHERE i.vendor_id = {{v}} AND i.available < 0", self.market.vendor)
                == []
            )

    @rule(which=WHICH)
    def confirm(self, which: int) -> None:
        self._advance("confirm", which, "placed")

    @rule(which=WHICH)
    def pack(self, which: int) -> None:
        self._advance("pack", which, "placed", "confirmed")

    @rule(which=WHICH)
    def deliver(self, which: int) -> None:
        self._advance("deliver", which, "shipped")

    def _advance(self, action: str, which: int, *ready: str) -> None:
        before = self.do(action, self.market.orders.advance, [self.sale(which, *ready)], action)
        if before:
            self.undoable.append((action, before))

    @precondition(lambda self: self.undoable)
    @rule(which=WHICH)
    def undo(self, which: int) -> None:
        action, before = self.undoable.pop(-1 - which % len(self.undoable))
        self.do(f"undo {action}", self.market.orders.undo, before, action)

    @rule(which=WHICH, units=PART)
    def ship(self, which: int, units: list[int]) -> None:
        part = {position: n for position, n in enumerate(units, 1) if n}
        self.do("ship", self.market.orders.ship, self.sale(which, "packed", "part_shipped", "placed"), part)

    @rule(which=WHICH)
    def ship_rest(self, which: int) -> None:
        self.do("ship", self.market.orders.ship, self.sale(which, "packed", "part_shipped", "confirmed"))

    @rule(which=WHICH)
    def cancel(self, which: int) -> None:
        self.do("cancel", self.market.orders.cancel, self.sale(which, "placed", "confirmed", "packed"))

    @rule(which=WHICH, units=PART, money=MONEY, restock=st.booleans())
    def refund(self, which: int, units: list[int], money: int | None, restock: bool) -> None:
        orders, ready = self.market.orders, ("delivered", "shipped", "part_shipped", "placed")
        lines = [orders.RefundLine(position, n, money) for position, n in enumerate(units, 1)]
        self.do("refund", orders.refund, self.sale(which, *ready), lines, restock=restock)

    @rule(which=WHICH, restock=st.booleans())
    def send_back(self, which: int, restock: bool) -> None:
        """All that is left of a sale comes back."""
        key = self.sale(which, "delivered", "shipped")
        sql = "SELECT position, quantity - dropped - returned FROM orders_line AS l JOIN orders_order AS o"
        sql += " ON o.id = l.order_id WHERE o.vendor_id = {v} AND l.vendor_id = {v} AND o.public_id = "
        left = plain(f"{sql}'{key}'", self.market.vendor)
        lines = [self.market.orders.RefundLine(position, units) for position, units in left]
        self.do("refund", self.market.orders.refund, key, lines, restock=restock)

    @rule(which=WHICH)
    def invoice(self, which: int) -> None:
        self.do("invoice", self.market.orders.invoice, self.sale(which, "placed", "shipped", "delivered"))

    # -- stock ------------------------------------------------------------------------------------

    @rule(sku=SKU, place=st.booleans(), units=UNITS)
    def receive(self, sku: int, place: bool, units: int) -> None:
        self._move("receive", self.market.variants[sku], self.market.places[place], units)

    @rule(sku=SKU, place=st.booleans(), units=st.integers(-4, 4))
    def adjust(self, sku: int, place: bool, units: int) -> None:
        reason = "found" if units > 0 else "lost"
        self._move("adjust", self.market.variants[sku], self.market.places[place], units, reason)

    @rule(sku=SKU, source=st.booleans(), same=st.sampled_from([False] * 9 + [True]), units=UNITS)
    def transfer(self, sku: int, source: bool, same: bool, units: int) -> None:
        here, there = self.market.places[source], self.market.places[source == same]
        self._move("transfer", self.market.variants[sku], here, there, units)

    @rule(place=st.booleans(), counted=st.dictionaries(SKU, st.integers(-1, 9), min_size=1))
    def count(self, place: bool, counted: dict[int, int]) -> None:
        found = {self.market.variants[sku]: units for sku, units in counted.items()}
        self._move("count", self.market.places[place], found)

    @precondition(lambda self: self.batches)
    @rule(which=WHICH)
    def take_back(self, which: int) -> None:
        batch = self.batches[-1 - which % len(self.batches)]
        self._move("take_back", batch)

    def _move(self, name: str, *given: Any) -> None:
        batch = self.do(name, getattr(self.market.stock, name), *given)
        if batch:
            self.batches.append(batch)

    # -- looking ----------------------------------------------------------------------------------

    def do(self, name: str, service: Callable[..., Any], *given: Any, **options: Any) -> Any:
        """Do something as the only thing of its session, and look at the books; what it gives, None where it
        was refused."""
        self.now += timedelta(minutes=7)
        result = None
        try:
            with session().begin_nested():
                result = service(self.market.scope, *given, now=self.now, **options)
                result = getattr(result, "public_id", result)
            self.market.done[name] += 1
        except (Invalid, Conflict):
            self.market.refused[name] += 1
        session().expunge_all()
        session().info.clear()
        assert disagreements(self.market.vendor) == []
        self._look_at_states(name)
        return result

    def _look_at_states(self, name: str) -> None:
        sql = "SELECT public_id, status FROM orders_order WHERE vendor_id = {v} AND kind = 'sale' ORDER BY id"
        states = dict(plain(sql, self.market.vendor))
        assert states.keys() >= self.states.keys()
        gone = {
            (self.states.get(key), name, now) for key, now in states.items() if self.states.get(key) != now
        }
        if name.startswith("undo "):  # Back the way that it came.
            gone = {(now, name.removeprefix("undo "), before) for before, _name, now in gone}
        assert gone <= {*self.market.ways, (None, "enter", "draft")}
        self.states = states

    def sale(self, which: int, *ready: str) -> str:
        """One of the sales, where it can be one in these states."""
        found = [key for key, state in self.states.items() if state in ready] if which < 10 else ()
        found = found or list(self.states)
        return found[which % len(found)]


def trade(app: Flask, runs: int, seed: int, shorten: bool = False) -> Market:
    """So many runs of STEPS steps, the same for the same seed. Raises AssertionError, and prints the run,
    where the books don't agree; `shorten` looks for a shorter run first, which takes minutes."""
    place = market(app)
    machine = seeded(seed)(type("Trade", (Trade,), {"market": place}))
    limits = settings(
        max_examples=runs,
        stateful_step_count=STEPS,
        deadline=None,
        database=None,
        phases=(Phase.generate, *((Phase.shrink,) if shorten else ())),
        suppress_health_check=list(HealthCheck),
    )
    run_machine(machine, settings=limits)
    return place
