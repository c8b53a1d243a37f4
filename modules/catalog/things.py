"""From the rows of a table to products: which rows are variants, and what they say together."""

import re
from collections.abc import Sequence
from decimal import ROUND_HALF_EVEN, Decimal
from typing import Any
from urllib.parse import urlsplit
from zlib import crc32

from flask_babel import lazy_gettext as _l

from modules.catalog.imports import OPTIONS
from modules.catalog.options import MOST_VARIANTS
from modules.catalog.services import HANDLE, LONGEST_DESCRIPTION, LONGEST_TAG, MOST_TAGS
from orion.contracts.markdown import from_html
from orion.contracts.models import normalise
from orion.contracts.money import exponent
from orion.contracts.tabular import Note, Rejected, Row, Rules, Thing

#: What Shopify writes where a product varies in nothing.
NO_OPTION = ("Title", "Default Title")
MOST_LINKS, LONGEST_LINK, LONGEST_ALT = 250, 2_000, 300
MONEY = ("price", "compare_at", "cost")
#: Beyond this no price is meant.
LIMIT = Decimal(10) ** 11
_YES, _NO = {"true", "yes", "1", "active", "published", "visible"}, {"false", "no", "0", "hidden"}
STATES = {"active": "active", "draft": "draft", "archived": "archived", "unlisted": "draft"}


def key_of(row: Row) -> str:
    """What the rows of one product share: its handle, else a number of the whole, else SKU, else title."""
    for name in ("handle", "group", "sku", "title"):
        text = str(row.values[name] or "").strip()
        if text:
            return f"{name}:{text}"
    return ""


def handle_of(key: str) -> str:
    """The handle of the product of a key: always the same, and another one for another key."""
    text = key.partition(":")[2]
    if HANDLE.fullmatch(text) and len(text) <= 120:
        return text
    stem = "-".join(re.findall(r"[a-z0-9]+", normalise(text)))[:100].strip("-")
    if key.startswith("handle:") or len(stem) < 3:
        # What is left of two handles may be alike: they stay apart by the whole of them.
        return f"{stem or 'product'}-{crc32(text.encode()):08x}"
    return stem


class Reading:
    """The rows of one product while they are read."""

    def __init__(self, rows: Sequence[Row], rules: Rules) -> None:
        self.rows, self.rules = rows, rules
        self.notes: list[Note] = []
        self.rejected: list[Rejected] = []
        self.lines: list[int] = []

    def thing(self) -> tuple[Thing | None, list[Rejected]]:
        """The product, and the rows that can't be taken."""
        key = key_of(self.rows[0])
        title = self._first("title")
        if not key or not title:
            self._refuse_all("title", "empty", _l("no row of this product has a title"))
            return None, self.rejected
        data: dict[str, Any] = {"key": key, "handle": handle_of(key), "sku": self._sku(key), "title": title}
        data |= self._facts()
        if len(data.get("description", "")) > LONGEST_DESCRIPTION:
            self._refuse_all("description", "too_long", _l("the description is too long"))
            return None, self.rejected
        data["variants"] = self._variants(data)
        if not data["variants"]:
            self._refuse_all("title", "of_rejected", _l("none of this product's variants can be taken"))
            return None, self.rejected
        data["images"] = self._images()
        thing = Thing(key, title, tuple(self.lines), data, len(data["variants"]), tuple(self.notes))
        return thing, self.rejected

    # -- the product itself -------------------------------------------------------------------

    def _facts(self) -> dict[str, Any]:
        """What the product says of itself, as far as the table has columns for it."""
        has, found = self.rules.fields, {}
        for name in ("brand", "type"):
            if name in has:
                found[name] = self._first(name)
        if "description" in has:
            found["description"] = self._description()
        if "tags" in has:
            found["tags"] = self._tags()
        if "status" in has or "published" in has:
            found["status"] = self._status()
        return found

    def _description(self) -> str:
        text = self._first("description")
        return text if self.rules.options.get("markdown") else from_html(text)

    def _tags(self) -> list[str]:
        texts = [" ".join(tag.split()) for tag in re.split(r"[,;|،؛]", self._first("tags"))]
        tags = list({normalise(tag): tag for tag in texts if normalise(tag)}.values())
        kept = [tag for tag in tags if len(tag) <= LONGEST_TAG][:MOST_TAGS]
        if len(kept) < len(tags):
            self._note(_l("%(num)s tags are left out: at most %(most)s of %(long)s characters are kept",
                          num=len(tags) - len(kept), most=MOST_TAGS, long=LONGEST_TAG))  # fmt: skip
        return sorted(kept, key=normalise)

    def _status(self) -> str:
        said, published = self._first("status").casefold(), self._first("published").casefold()
        if said in STATES:
            if said == "unlisted":
                self._note(_l("“unlisted” is taken as a draft"))
            return STATES[said]
        if said and said not in _YES | _NO:
            self._note(_l("the status “%(status)s” is not known, and is taken as a draft", status=said[:40]))
            return "draft"
        shown = said or published
        return "draft" if shown in _NO else "active" if shown in _YES else "draft"

    def _sku(self, key: str) -> str:
        """The SKU by which the product is known, where it is."""
        return key.partition(":")[2] if key.startswith("sku:") else ""

    # -- variants -----------------------------------------------------------------------------

    def _variants(self, data: dict[str, Any]) -> list[dict[str, Any]]:
        rows = [row for row in self.rows if self._is_variant(row)]
        if not rows:
            rows = [self.rows[0]]
        names = self._names()
        if names or self._varies:
            data["options"] = names
        found: dict[tuple[str, ...], dict[str, Any]] = {}
        taken = {row.line for row in self.rows} - {row.line for row in rows}
        for row in rows:
            one = self._variant(row, len(names))
            if one is None:
                continue
            values = tuple(one["values"])
            if values in found:
                reason = _l(
                    "stands with the same options in line %(line)s already", line=found[values]["line"]
                )
                self._refuse(row, "option1_value", "doubled", reason)
            elif len(found) >= MOST_VARIANTS:
                reason = _l("a product has at most %(num)s variants", num=MOST_VARIANTS)
                self._refuse(row, "option1_value", "too_many", reason)
            else:
                found[values] = one
                taken.add(row.line)
        self.lines = [row.line for row in self.rows if row.line in taken] if found else []
        return list(found.values())

    @property
    def _varies(self) -> bool:
        return "option1_value" in self.rules.fields

    def _is_variant(self, row: Row) -> bool:
        """Whether a row is of a variant: in files that go on in further rows some tell of an image alone."""
        if not self.rules.options.get("continued"):
            return True
        says = ("option1_value", "price", "sku")
        return any(row.values[name] not in (None, "") for name in says)

    def _names(self) -> list[str]:
        """What the product varies in."""
        names = []
        for n in OPTIONS:
            values = [row.values[f"option{n}_value"] for row in self.rows]
            if not any(values):
                continue
            name = self._first(f"option{n}_name")
            if n == 1 and (name in ("", NO_OPTION[0])) and {v for v in values if v} == {NO_OPTION[1]}:
                continue
            names.append(name or str(_l("Option %(n)s", n=n)))
        doubled = len({normalise(name) for name in names}) < len(names)
        return [f"{name} {n}" for n, name in enumerate(names, 1)] if doubled else names

    def _variant(self, row: Row, options: int) -> dict[str, Any] | None:
        """A variant's facts; None where one of them can't be."""
        values = [str(row.values[f"option{n}_value"] or "") for n in OPTIONS]
        one: dict[str, Any] = {"line": row.line}
        one["values"] = values[:options] if options else []
        if options and not all(one["values"]):
            # TRANSLATORS: Follows what stands in the cell: “abc” …
            reason = _l("is empty, and other variants of the product have it")
            self._refuse(row, f"option{one['values'].index('') + 1}_value", "empty", reason)
            return None
        for name in MONEY:
            if name in self.rules.fields:
                minor, reason = _minor(row.values[name], self.rules.currency)
                if reason is not None:
                    self._refuse(row, name, "not_a_price", reason)
                    return None
                one[name] = minor
        if "weight" in self.rules.fields:
            grams = row.values["weight"]
            if grams is not None and not 0 <= grams < LIMIT:
                # TRANSLATORS: Follows what stands in the cell: “abc” …
                self._refuse(row, "weight", "not_a_weight", _l("is not a weight"))
                return None
            one["weight"] = None if grams is None else int(grams.quantize(Decimal(1), ROUND_HALF_EVEN))
        if "sku" in self.rules.fields:
            one["sku"] = _code(row.values["sku"])
        if "barcode" in self.rules.fields:
            one["barcode"] = self._barcode(row)
        return one

    def _barcode(self, row: Row) -> str:
        text = _code(row.values["barcode"])
        if re.fullmatch(r"\d([.,]\d+)?[eE]\+?\d+", text):
            reason = _l("the barcode %(code)s was rounded by a spreadsheet, and is left out", code=text)
            self._note(reason, row.line)
            return ""
        if len(text) > 40:
            self._note(_l("the barcode has more than 40 characters, and is left out"), row.line)
            return ""
        return text

    # -- images -------------------------------------------------------------------------------

    def _images(self) -> list[dict[str, str]]:
        """Addresses of images in their order, each once; the images themselves are not fetched."""
        found: dict[str, dict[str, str]] = {}
        for name in ("image", "variant_image"):
            for row in self.rows:
                url = str(row.values[name] or "").strip()
                if not url or url in found:
                    continue
                if not _is_web(url):
                    self._note(_l("“%(url)s” is no address of an image", url=url[:60]), row.line)
                elif len(found) < MOST_LINKS:
                    alt = str(row.values["image_alt"] or "") if name == "image" else ""
                    found[url] = {"url": url, "alt": " ".join(alt.split())[:LONGEST_ALT]}
        return list(found.values())

    # -- saying so ----------------------------------------------------------------------------

    def _first(self, name: str) -> str:
        """What the first row that says it says."""
        texts = (str(row.values[name] or "").strip() for row in self.rows)
        return next((text for text in texts if text), "")

    def _note(self, text: Any, line: int = 0) -> None:
        self.notes.append(Note(line or self.rows[0].line, text))

    def _refuse(self, row: Row, column: str, code: str, reason: Any) -> None:
        shown = (row.texts or {}).get(column) or str(row.values.get(column) or "")
        self.rejected.append(Rejected(row.line, column, shown[:200], code, reason, row.values, row.texts))

    def _refuse_all(self, column: str, code: str, reason: Any) -> None:
        known = {row.line for row in self.rejected}
        for row in self.rows:
            if row.line not in known:
                self._refuse(row, column, code, reason)


def _minor(amount: Decimal | None, currency: str) -> tuple[int | None, Any]:
    """An amount in minor units, or why it is none."""
    if amount is None:
        return None, None
    if amount < 0:
        # TRANSLATORS: Follows what stands in the cell: “abc” …
        return None, _l("is below zero")
    if amount >= LIMIT:
        # TRANSLATORS: Follows what stands in the cell: “abc” …
        return None, _l("is too large for a price")
    minor = amount.scaleb(exponent(currency))
    if minor != minor.to_integral_value():
        # TRANSLATORS: Follows what stands in the cell: “abc” …
        return None, _l("has more decimal places than %(currency)s has", currency=currency)
    return int(minor), None


def _code(text: str | None) -> str:
    """A code without the apostrophe that keeps a spreadsheet from taking it for a number."""
    return re.sub(r"^'(?=\d+$)", "", (text or "").strip())


def _is_web(url: str) -> bool:
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and bool(parts.netloc) and len(url) <= LONGEST_LINK
