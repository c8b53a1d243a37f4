"""Make the table of `import-formats.md`: `python docs/import_formats.py`, after `make setup`.

Every file of products, stock, orders and customers of the open data beside the checkout is imported into a
portal of its own, twice, and counted there; what others have counted of it is in its TRUTH.json.
"""

import json
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from decimal import Decimal
from importlib import import_module
from pathlib import Path
from typing import Any

from flask import Flask
from sqlalchemy import func, select

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))
DOCUMENT = ROOT / "docs" / "import-formats.md"
DATA = ROOT.parent / "shared" / "data"
NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
BEGIN, END = "<!-- figures: begin -->", "<!-- figures: end -->"
Figures = dict[str, Any]
#: Figures of money differ by less than this, where each order was rounded by itself.
TOLERANCE = Decimal("0.5")


@dataclass(frozen=True, slots=True)
class File:
    """A file, what it is, and how it is imported; `expected` are figures, made of what is known of it.

    `why` says why Orion counts otherwise, by figure. `stated` is a mapping file's text.
    """

    name: str
    about: str
    expected: Callable[[Any], Figures]
    currency: str = "EUR"
    stated: str = ""
    beside: Sequence[str] = ()
    why: dict[str, str] = field(default_factory=dict)


def _shopify(known: Any) -> Figures:
    return {
        "products": known["products (distinct Handle)"],
        "variants": known.get(
            "variants (rows with Option1 Value, Variant Price or Variant SKU)", known.get("rows=variants")
        ),
        "prices": known.get("price_sum", "0"),
        "image links": known.get("images (distinct handle+Image Src)", 0),
        "stock": known.get("stock_sum", 0),
        "rejected": 0,
    }


def _row_by_row(known: Any) -> Figures:
    """Of a file of which each row is a product."""
    return {
        "products": known["rows"],
        "variants": known["rows"],
        "list prices": known["price_sum"],
        "images": known["images (distinct)"],
        "stock": known.get("stock_sum", 0),
        "rejected": 0,
    }


def _feed(known: Any) -> Figures:
    [prices] = known["price"]["sum_by_currency"].values()
    return {
        "products": known["products (groups + ungrouped items)"],
        "variants": known["items"],
        "list prices": prices,
        "images": known["images (distinct image_link + additional)"],
        "rejected": 0,
    }


def _bagisto(known: Any) -> Figures:
    rows = known.get("rows", known.get("product elements"))
    prices = known.get("price_sum (all rows)", known.get("price_sum"))
    return {
        "products": rows - 4,
        "variants": rows - 1,
        "list prices": prices,
        "stock": known.get("stock_sum (inventories)"),
        "rejected": 0,
    }


def _lines(known: Any) -> Figures:
    return {
        "orders": known["orders"],
        "lines": known["lines"],
        "customers": known["customers"],
        "revenue": known["revenue"],
        "units": known["units"],
        "months": {month: one["revenue"] for month, one in known["per_month"].items()},
        "rejected": 0,
    }


PRODUCTS = (
    File("shopify_official_apparel.csv", "Shopify", _shopify),
    File("shopify_official_home-and-garden.csv", "Shopify", _shopify),
    File("shopify_packt_Product-data.csv", "Shopify", _shopify),
    File("shopify_export_turkish.csv", "Shopify", _shopify, currency="TRY"),
    File("shopify_partial_dutch_7cols.csv", "Shopify, some columns", _shopify),
    File("shopify_export_fashion_6618rows.csv", "Shopify", _shopify, currency="BDT"),
    File(
        "woocommerce_sample_products.csv",
        "WooCommerce",
        lambda known: {
            "products": known["products (Type not variation)"],
            "variants": sum(known["types"].values()) - known["types"]["variable"],
            "list prices": known["regular_price_sum"],
            "sale prices": known["sale_price_sum"],
            "images": known["images (distinct URL)"],
            "rejected": 0,
        },
    ),
    File(
        "magento2_sample_products.csv",
        "Magento 2",
        lambda known: {
            "products": known["configurables_with_variations"],
            "variants": known["configurable links"],
            "list prices": known["price_sum"],
            "images": known["images (distinct path)"],
            "stock": known["qty_sum"],
            "rejected": 0,
        },
        stated="image_base: https://shop.example/media/catalog/product\n",
        why={
            "list prices": "a configurable product's own price beside those of its variants is not added",
        },
    ),
    File(
        "prestashop14_products_semicolon.csv",
        "PrestaShop 1.4, semicolons",
        lambda known: {
            "products": known["products"],
            "variants": known["products"],
            "list prices": known["price_sum (Price tax excl.)"],
            "stock": known["qty_sum"],
            "rejected": 0,
        },
    ),
    File(
        "prestashop_thirtybees_products.csv",
        "thirty bees",
        lambda known: {
            "products": known["products"],
            "variants": known["products"],
            "list prices": known["price_sum"],
            "stock": known["qty_sum"],
            "rejected": 0,
        },
    ),
    File(
        "prestashop_thirtybees_combinations.csv",
        "thirty bees, combinations alone",
        lambda known: {
            "products": known["products referenced"],
            "variants": known["combinations"],
            "rejected": 0,
        },
        why={
            "variants": "two combinations of one product have the same values: the second is rejected",
            "rejected": "see variants",
        },
    ),
    File(
        "prestashop_thirtybees_combinations.csv",
        "thirty bees, products and combinations",
        lambda known: {
            "products": 7,
            "variants": known["combinations"] + 7 - known["products referenced"],
            "rejected": 0,
        },
        beside=("prestashop_thirtybees_products.csv",),
        why={
            "variants": "two combinations of one product have the same values: the second is rejected",
            "rejected": "see variants",
        },
    ),
    File(
        "bigcommerce_export_966rows.csv.gz",
        "BigCommerce",
        lambda known: {
            "products": known["products (distinct name)"],
            "variants": known["rows"],
            "list prices": known["price_sum"],
            "images": known["images (distinct)"],
            "stock": known.get("stock_sum", 0),
            "rejected": 0,
        },
    ),
    File(
        "wix_catalog_romanian.csv",
        "Wix, Romanian",
        lambda known: {
            "products": known["products (fieldType=Product)"],
            "variants": known["sellable variants (variant rows + products without any)"],
            "list prices": known["price_sum (Product rows)"],
            "images": known["images (distinct, split on ;)"],
            "rejected": 0,
        },
        currency="RON",
    ),
    File(
        "etsy_listings_en.csv",
        "Etsy",
        _row_by_row,
        currency="USD",
    ),
    File("google_merchant_eur.tsv", "Google Merchant, TSV", _feed),
    File(
        "google_merchant_rss_czk.xml.gz",
        "Google Merchant, RSS",
        _feed,
        currency="CZK",
        why=dict.fromkeys(("products", "variants", "list prices"), "an item that is there twice is merged"),
    ),
    File("meta_catalog_epages_eur.csv", "Meta catalog", _feed),
    File(
        "idealo_epages_de.csv",
        "idealo",
        _row_by_row,
    ),
    File(
        "amazon_variation_flat_file.tsv",
        "Amazon variations, with mistakes",
        lambda known: {
            "products": known["parentage"]["parent"] + known["orphans (parent_sku not in file)"],
            "variants": known["parentage"]["child"],
            "list prices": known["price_sum"],
            "stock": known["stock_sum"],
            "rejected": 0,
        },
        why={
            "products": "a child that names no parent is a product too",
            "variants": "a row that is there twice is merged",
            "list prices": "a row that is there twice is merged, and the price of a parent is not added",
            "stock": "a row that is there twice counts once, and a parent has no stock of its own",
        },
    ),
    File("bagisto_sample_products.csv", "Bagisto, CSV", _bagisto),
    File("bagisto_sample_products.xml", "Bagisto, XML", _bagisto),
    File(
        "vendure_products.csv",
        "Vendure",
        lambda known: {
            "products": known["products (rows with a name)"],
            "variants": known["rows=variants"],
            "list prices": known["price_sum"],
            "stock": known["stock_sum"],
            "rejected": 0,
        },
    ),
    File(
        "books_semicolon_corrupt_utf8.csv.gz",
        "any table: columns without names, damaged text",
        lambda known: {
            "products": known["rows"],
            "variants": known["isbn"]["distinct"],
            "rejected": 0,
        },
        stated='encoding: utf-8\ncolumns: {sku: "0", title: "1", brand: "4", image: "7"}\n',
        why=dict.fromkeys(
            ("products", "variants", "rejected"),
            "99 rows have bytes that are no text, and one a title of more than 200 characters",
        ),
    ),
)
STOCK = (
    File(
        "shopify_inventory_export_15700rows.csv",
        "Shopify, a column a location",
        lambda known: {
            "levels": known["inventory_rows"],
            "stock": known["stock_sum"],
            "rejected": 0,
        },
    ),
)
ORDERS = (
    File(
        "shopify_orders_export_pseudonymised.csv",
        "Shopify orders",
        lambda known: {
            "orders": known["orders (distinct Name)"],
            "lines": known["rows=lines"],
            "customers": known["customers by Email"],
            "revenue": known["order_total_sum"],
            "units": known["units"],
            "months": known["per_month"],
            "rejected": 0,
        },
        currency="INR",
    ),
    File("superstore_cp1252.csv", "Superstore", _lines, currency="USD", stated="encoding: cp1252\n"),
    File("online_retail_bom_2139rows.csv", "Online Retail", _lines, currency="GBP", stated="dates: MDY\n"),
    File("online_retail_2010-12_2011-02.csv.gz", "Online Retail", _lines, currency="GBP"),
    File(
        "northwind_order_details.csv",
        "Northwind",
        _lines,
        currency="USD",
        beside=("northwind_orders.csv", "northwind_customers.csv", "northwind_products.csv"),
    ),
    File(
        "sapbikes_SalesOrderItems.csv",
        "SAP sales orders",
        _lines,
        currency="USD",
        stated="columns: {unit_price: GROSSAMOUNT, amount: null}\n",
        beside=("sapbikes_SalesOrders.csv", "sapbikes_BusinessPartners.csv"),
    ),
    File(
        "cdnow_fixedwidth.txt.gz",
        "fixed width without header",
        lambda known: {**_lines({**known, "orders": known["lines"]})},
        currency="USD",
        stated=(
            'header: 0\ncolumns: {customer: "1", date: "2", quantity: "3", amount: "4"}\n'
            "constants: {document: P-}\neach_line: true\n"
        ),
    ),
)


CUSTOMERS = tuple(
    File(name, about, lambda known: {"customers": known.get("customers", known.get("rows")), "rejected": 0})
    for name, about in (
        ("bagisto_customers.csv", "customers of Bagisto"),
        ("prestashop_thirtybees_customers.csv", "customers of thirty bees"),
        ("northwind_customers.csv", "customers of Northwind"),
        ("sapbikes_BusinessPartners.csv", "SAP business partners"),
    )
)


class Portal:
    """A portal without rows, in a folder of its own."""

    def __init__(self, folder: Path) -> None:
        from orion.app import create_app
        from orion.data import migrate
        from orion.testing import settings_in

        migrate.upgrade(create_app(settings_in(folder)))
        self.app: Flask = create_app(settings_in(folder))
        self.folder, self._number = folder, 0

    def vendor(self, currency: str) -> str:
        """The code of a new vendor."""
        import modules.tenancy.api as tenancy
        from orion.contracts.data import entered, system_scope

        scope, self._number = system_scope("seed"), self._number + 1
        code = f"FILE{self._number}"
        with self.app.app_context(), entered(scope, write=True) as writing:
            where = writing.scalar(select(tenancy.Platform)) or tenancy.create_platform(
                scope, "files", "Files", now=NOW
            )
            made = tenancy.create_vendor(scope, code, code, currency=currency, zone="UTC", now=NOW)
            tenancy.join_platform(scope, made, where, made.created_on)
            writing.commit()
        return code

    @contextmanager
    def at(self, vendor: str) -> Iterator[Any]:
        """A session for reading what a vendor has."""
        from orion.contracts.data import entered

        with (
            self.app.app_context(),
            entered(self.app.extensions["orion"].command_scope(vendor=vendor)) as read,
        ):
            yield read

    def run(self, module: str, file: str, vendor: str, *options: str) -> dict[str, Any]:
        """What an import reports."""
        commands = import_module(f"modules.{module}.commands").commands
        words = ["import", str(DATA / file), "--vendor", vendor, "--json", *options]
        result = self.app.test_cli_runner().invoke(commands, words)
        if result.exception is not None and not isinstance(result.exception, SystemExit):
            raise result.exception
        return dict(json.loads(result.stdout))

    def mapping(self, text: str) -> list[str]:
        """The options of a mapping file."""
        if not text:
            return []
        self._number += 1
        path = self.folder / f"mapping{self._number}.yaml"
        path.write_text(text, encoding="utf-8")
        return ["--mapping", str(path)]


def of_products(portal: Portal, file: File) -> tuple[Figures, Figures]:
    """What a file of products becomes, and what the same file becomes the second time."""
    vendor = portal.vendor(file.currency)
    first, *more = (*file.beside, file.name)
    beside = [word for name in more for word in ("--with", str(DATA / "products" / name))]
    options = [*portal.mapping(file.stated), *beside]
    report = portal.run("marketplace", f"products/{first}", vendor, *options, "--wait")
    if "refused" in report:
        return {"refused": report["refused"]}, {}
    again = portal.run("marketplace", f"products/{first}", vendor, *options, "--wait")["products"]
    got = {**_in_catalog(portal, vendor, file.currency), "rejected": report["rows"]["rejected"]}
    if "stock" in file.expected(known_of(file, "products")):
        stock = portal.run("inventory", f"products/{first}", vendor)
        got["stock"] = 0 if "refused" in stock else _pieces(portal, vendor)
    return got, again


def _in_catalog(portal: Portal, vendor: str, currency: str) -> Figures:
    from modules.catalog.models import ImageLink, Product, Variant
    from orion.contracts.money import Money

    live = Variant.retired_at.is_(None)
    with portal.at(vendor) as read:
        prices = [
            (price or 0, before or 0)
            for price, before in read.execute(select(Variant.price, Variant.compare_at).where(live))
        ]
        sums = {
            "prices": sum(price for price, _before in prices),
            "list prices": sum(max(price, before) for price, before in prices),
            "sale prices": sum(price for price, before in prices if before > price),
        }
        return {
            "products": read.scalar(select(func.count()).select_from(Product)),
            "variants": len(prices),
            **{name: Money(minor, currency).amount for name, minor in sums.items()},
            "images": read.scalar(select(func.count(ImageLink.url.distinct()))),
            "image links": read.scalar(select(func.count()).select_from(ImageLink)),
        }


def _pieces(portal: Portal, vendor: str) -> int:
    from modules.inventory.models import Level

    with portal.at(vendor) as read:
        return int(read.scalar(select(func.sum(Level.on_hand))) or 0)


def of_stock(portal: Portal, file: File) -> tuple[Figures, Figures]:
    """What a file of stock becomes, after its products have been taken from it."""
    vendor = portal.vendor(file.currency)
    portal.run("marketplace", f"inventory/{file.name}", vendor, "--wait")
    report = portal.run("inventory", f"inventory/{file.name}", vendor, *portal.mapping(file.stated))
    if "refused" in report:
        return {"refused": report["refused"]}, {}
    again = portal.run("inventory", f"inventory/{file.name}", vendor, *portal.mapping(file.stated))
    levels = sum(report["levels"].values())
    got = {"levels": levels, "stock": _pieces(portal, vendor), "rejected": report["rows"]["rejected"]}
    return got, again["levels"]


def of_orders(portal: Portal, file: File) -> tuple[Figures, Figures]:
    """What a file of orders becomes."""
    vendor = portal.vendor(file.currency)
    beside = [word for name in file.beside for word in ("--with", str(DATA / "orders" / name))]
    options = [*portal.mapping(file.stated), *beside]
    report = portal.run("orders", f"orders/{file.name}", vendor, *options)
    if "refused" in report:
        return {"refused": report["refused"]}, {}
    again = portal.run("orders", f"orders/{file.name}", vendor, *options)["documents"]
    return {**_in_orders(portal, vendor, file.currency), "rejected": report["rows"]["rejected"]}, again


def _in_orders(portal: Portal, vendor: str, currency: str) -> Figures:
    from modules.customers.models import Customer
    from modules.orders.models import Line, Order
    from orion.contracts.money import Money

    with portal.at(vendor) as read:
        months: dict[str, int] = {}
        for on, total in read.execute(select(Order.business_date, Order.total)):
            months[f"{on:%Y-%m}"] = months.get(f"{on:%Y-%m}", 0) + total
        return {
            "orders": read.scalar(select(func.count()).select_from(Order)),
            "lines": read.scalar(select(func.count()).select_from(Line).where(Line.quantity != 0)),
            "customers": read.scalar(select(func.count()).select_from(Customer)),
            "revenue": Money(sum(months.values()), currency).amount,
            "units": int(read.scalar(select(func.sum(Line.quantity))) or 0),
            "months": {month: str(Money(minor, currency).amount) for month, minor in months.items()},
        }


def known_of(file: File, kind: str) -> Any:
    """What others have counted of a file."""
    return json.loads((DATA / "TRUTH.json").read_text(encoding="utf-8"))[f"{kind}/{file.name}"]["truth"]


@dataclass(frozen=True, slots=True)
class Compared:
    """A figure of a file."""

    name: str
    expected: str
    got: str
    same: bool
    why: str


def compared(file: File, kind: str, got: Figures) -> list[Compared]:
    """Each figure of a file that is expected beside the one that was got."""
    return [
        _compared(file, name, expected, got.get(name))
        for name, expected in file.expected(known_of(file, kind)).items()
        if expected is not None
    ]


def _compared(file: File, name: str, expected: Any, got: Any) -> Compared:
    if isinstance(expected, dict):
        rounded = {month: round(Decimal(str(sum_)), 2) for month, sum_ in expected.items()}
        there = {month: Decimal(sum_) for month, sum_ in (got or {}).items()}
        off = [month for month in {*rounded, *there} if not _alike(rounded.get(month), there.get(month))]
        return Compared(
            name,
            f"{len(rounded)} months",
            f"{len(rounded) - len(off)} the same",
            not off,
            file.why.get(name, ""),
        )
    same = got is not None and _alike(Decimal(str(expected)), Decimal(str(got)))
    return Compared(name, _shown(expected), _shown(got), same, "" if same else file.why.get(name, ""))


def _alike(one: Decimal | None, other: Decimal | None) -> bool:
    """The same to the cent, as each order is rounded by itself."""
    return one is not None and other is not None and abs(one - other) < TOLERANCE


def _shown(value: Any) -> str:
    return f"{Decimal(str(value)):,f}" if value is not None else "–"


def of_customers(portal: Portal, file: File) -> tuple[Figures, Figures]:
    """What a file of customers becomes."""
    vendor = portal.vendor(file.currency)
    report = portal.run("customers", f"orders/{file.name}", vendor, *portal.mapping(file.stated))
    if "refused" in report:
        return {"refused": report["refused"]}, {}
    again = portal.run("customers", f"orders/{file.name}", vendor, *portal.mapping(file.stated))
    return {"customers": report["customers"]["new"], "rejected": report["rows"]["rejected"]}, again[
        "customers"
    ]


#: Files of one kind: what they are, the folder they lie in, and what imports them.
KINDS: tuple[tuple[str, Sequence[File], Callable[[Portal, File], tuple[Figures, Figures]]], ...] = (
    ("products", PRODUCTS, of_products),
    ("inventory", STOCK, of_stock),
    ("orders", ORDERS, of_orders),
    ("orders", CUSTOMERS, of_customers),
)


def figures(only: Sequence[str] = ()) -> Iterator[tuple[str, File, Figures, Figures]]:
    """Kind, file, what it became, and what it became the second time, of files whose name has a word."""
    with tempfile.TemporaryDirectory() as folder:
        portal = Portal(Path(folder))
        for kind, files, imported in KINDS:
            for file in files:
                if not only or any(word in file.name for word in only):
                    yield kind, file, *imported(portal, file)


def main() -> None:
    """Import every file, and write the table."""
    only, rows = sys.argv[1:], list[str]()
    for kind, file, got, again in figures(only):
        settled = not any(again.get(name) for name in ("new", "changed"))
        print(f"{kind}/{file.name}", got.get("refused", ""), "" if settled else again, flush=True)
        for one in compared(file, kind, got) if "refused" not in got else ():
            verdict = "yes" if one.same else one.why or "?"
            print(f"    {one.name:12} {one.expected:>16} {one.got:>16} {verdict}")
            rows.append(f"| {file.about} | {one.name} | {one.expected} | {one.got} | {verdict} |")
    if not only:
        write(rows)


def write(rows: Sequence[str]) -> None:
    """Put the table into the document."""
    text = DOCUMENT.read_text(encoding="utf-8")
    before, _begin, rest = text.partition(BEGIN)
    _old, _end, after = rest.partition(END)
    head = "| file | figure | expected | got | the same |\n| --- | --- | ---: | ---: | --- |"
    DOCUMENT.write_text("\n".join([before + BEGIN, head, *rows, END]) + after, encoding="utf-8")


if __name__ == "__main__":
    main()
