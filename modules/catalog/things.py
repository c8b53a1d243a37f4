"""From the rows of a table to products: which rows are variants, and what they say together."""

import json
import re
from collections.abc import Sequence
from decimal import ROUND_HALF_EVEN, Decimal
from html import unescape
from typing import Any
from urllib.parse import quote, urlsplit
from zlib import crc32

from flask_babel import lazy_gettext as _l

from modules.catalog.gtins import is_gtin, looks_like_gtin
from modules.catalog.imports import OPTIONS
from modules.catalog.options import MOST_VARIANTS
from modules.catalog.own import SPOKEN
from modules.catalog.pricetags import LIMIT, NoPrice, tag_of
from modules.catalog.services import HANDLE, LONGEST_DESCRIPTION, LONGEST_TAG, MOST_TAGS
from modules.catalog.translating import LONGEST
from modules.catalog.variants import CHILD, Sorted, options_of, role_of, sort
from orion.contracts.markdown import from_html
from orion.contracts.models import normalise
from orion.contracts.tabular import Note, Rejected, Row, Rules, Thing

#: What Shopify writes where a product varies in nothing.
NO_OPTION = ("Title", "Default Title")
MOST_LINKS, LONGEST_LINK, LONGEST_ALT, LONGEST_TYPE = 250, 2_000, 300, 120
_YES = {
    "true",
    "y",
    "yes",
    "1",
    "active",
    "enabled",
    "published",
    "visible",
    "on",
    "ja",
    "oui",
    "si",
    "sí",
    "da",
    "tak",
    "evet",
}
_NO = {
    "false",
    "n",
    "no",
    "0",
    "hidden",
    "disabled",
    "unavailable",
    "2",
    "-1",
    "off",
    "nein",
    "non",
    "nu",
    "nie",
    "nee",
    "hayır",
    "inactive",
}
STATES = {"active": "active", "draft": "draft", "archived": "archived", "unlisted": "draft"}
#: What stands between addresses of images in one cell.
_BETWEEN = re.compile(r"[\n;|]+|,\s*(?=https?://)|(?<!\s)\s+(?=https?://)")
_TAGS = re.compile(r"[,;|،؛]")
_WEB = re.compile(r"https?://[a-z0-9.-]+/[A-Za-z0-9/._~%-]*")
_OPTIONS = [(n, f"option{n}_name", f"option{n}_value") for n in OPTIONS]
#: A code that a spreadsheet has taken for a number and rounded.
_ROUNDED = re.compile(r"\d([.,]\d+)?[eE]\+?\d+")
_SPOKEN = frozenset(SPOKEN.values())
_PLAIN_LIST = re.compile(r"[\n;|,]+")


def key_of(row: Row) -> str:
    """What the rows of one product share: a number of the whole, else its handle, else SKU, else title."""
    group = _text(row, "group")
    if group:
        return f"sku:{group}"
    for name in ("handle", "sku", "title"):
        if text := _text(row, name):
            return f"{name}:{text}"
    return ""


def _text(row: Row, name: str) -> str:
    value = row.values.get(name)
    return str(value).strip() if value else ""


def handle_of(key: str) -> str:
    """The handle of the product of a key: always the same, and another one for another key."""
    text = key.partition(":")[2].strip("/")
    if HANDLE.fullmatch(text) and len(text) <= 120:
        return text
    stem = "-".join(re.findall(r"[a-z0-9]+", normalise(text[:LONGEST_LINK])))[:100].strip("-")
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
        self.sorted: Sorted = sort(rows)
        #: Those of the whole before others.
        self.ordered = (*self.sorted.wholes, *self.sorted.variants, *self.sorted.aside)

    def thing(self) -> tuple[Thing | None, list[Rejected]]:
        """The product, and the rows that can't be taken."""
        key = key_of(self.rows[0])
        title = self._title()
        if not key or (not title and "title" in self.rules.fields and not self._is_in_parts):
            self._refuse_all("title", "empty", _l("no row of this product has a title"))
            return None, self.rejected
        data: dict[str, Any] = {"key": key, "handle": self._handle(key), "sku": "", "title": title}
        data |= self._facts()
        if not title:
            data |= {"title": key.partition(":")[2][:200], "untitled": True}
            self._note(_l("no row says what it is called: its number stands for it"))
        if len(data.get("description", "")) > LONGEST_DESCRIPTION:
            self._refuse_all("description", "too_long", _l("the description is too long"))
            return None, self.rejected
        data["variants"] = self._variants(data)
        if not data["variants"]:
            self._refuse_all("title", "of_rejected", _l("none of this product's variants can be taken"))
            return None, self.rejected
        data["sku"] = self._sku(key, data)
        data["images"] = self._images()
        self._remark()
        thing = Thing(key, data["title"], tuple(self.lines), data, len(data["variants"]), tuple(self.notes))
        return thing, self.rejected

    @property
    def _is_in_parts(self) -> bool:
        """Whether the table tells of wholes in rows of their own, which may be missing."""
        return "group" in self.rules.fields

    def _title(self) -> str:
        """What the whole is called; of variants with titles of their own what these have in common."""
        if self.sorted.wholes:
            return _plain(self._first("title"))
        titles = [_plain(text) for row in self.sorted.variants if (text := _text(row, "title"))]
        if len(set(titles)) < 2 or not _text(self.sorted.variants[0], "group"):
            return titles[0] if titles else _plain(self._first("title"))
        return _common(titles) or titles[0]

    def _handle(self, key: str) -> str:
        """The address of the whole: as it is written where that is one, else made of the key."""
        if key.startswith("handle:"):
            return handle_of(key)
        said = {_text(row, "handle") for row in self.sorted.wholes or self.rows} - {""}
        written = said.pop().strip("/").casefold() if len(said) == 1 else ""
        return written if HANDLE.fullmatch(written) and len(written) <= 120 else handle_of(key)

    # -- the product itself -------------------------------------------------------------------

    def _facts(self) -> dict[str, Any]:
        """What the product says of itself, as far as the table has columns for it."""
        has, found = self.rules.fields, dict[str, Any]()
        if "brand" in has:
            found["brand"] = _plain(self._first("brand"))
        if "type" in has:
            found["type"] = self._type()
        if "description" in has:
            found["description"] = self._description()
        if "tags" in has:
            found["tags"] = self._tags()
        if texts := self._texts():
            found["texts"] = texts
        if "status" in has or "published" in has:
            found["status"] = self._status()
        return found

    def _description(self) -> str:
        text = self._first("description")
        return text if self.rules.options.get("markdown") else from_html(text)

    def _type(self) -> str:
        """The innermost of the first path of categories, like “Home > Lamps”."""
        first = next(iter(self._first("type").splitlines()), "")
        if len(first) > LONGEST_TYPE or ">" in first:
            first = re.split(r"[,;|](?!\s*[^,;|]{0,30}&)", first)[0].rpartition(">")[2]
        return _plain(first)[:LONGEST_TYPE]

    def _texts(self) -> dict[str, dict[str, str]]:
        """What the product says in other languages: language → key (see `originals`) → text."""
        found: dict[str, dict[str, str]] = {}
        for row in self.rows if self._says("texts") else ():
            for language, said in _spoken(_text(row, "texts")).items():
                for what, text in said.items():
                    key = self._key(row, what)
                    if len(text) > LONGEST[key.partition(":")[0]]:
                        self._note(_l("a translation is too long, and is left out"), row.line)
                    elif key.partition(":")[2] or ":" not in key:
                        found.setdefault(language, {}).setdefault(key, text)
        return found

    def _key(self, row: Row, what: str) -> str:
        """The key of what a column says in another language."""
        kind = {"name": "option", "value": "value"}.get(what.partition("_")[2])
        return f"{kind}:{self._first(what) if kind == 'option' else _text(row, what)}" if kind else what

    def _tags(self) -> list[str]:
        texts = [" ".join(tag.split()) for tag in _TAGS.split(self._first("tags"))]
        short = {normalise(tag): tag for tag in texts if len(tag) <= LONGEST_TAG}
        short.pop("", None)
        kept = sorted(list(short.items())[:MOST_TAGS])
        long = {tag for tag in texts if len(tag) > LONGEST_TAG}
        if left_out := len(short) - len(kept) + len(long):
            self._note(_l("%(num)s tags are left out: at most %(most)s of %(long)s characters are kept",
                          num=left_out, most=MOST_TAGS, long=LONGEST_TAG))  # fmt: skip
        return [tag for _norm, tag in kept]

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

    def _sku(self, key: str, data: dict[str, Any]) -> str:
        """The SKU by which the product is known, where it is: of one variant, and not told from others."""
        if not key.startswith("sku:") or data.get("options") or len(data["variants"]) > 1:
            return ""
        own = data["variants"][0].get("sku", "")
        return own if len(self.rows) == 1 or own == key.partition(":")[2] else ""

    # -- variants -----------------------------------------------------------------------------

    def _variants(self, data: dict[str, Any]) -> list[dict[str, Any]]:
        rows = self._own_rows([row for row in self.sorted.variants if self._is_variant(row)])
        if not rows:
            rows = [(self.sorted.wholes or self.sorted.variants or self.rows)[0]]
        names, values = self._options(rows)
        if names or self._varies:
            data["options"] = names
        found: dict[tuple[str, ...], dict[str, Any]] = {}
        by_line = {row.line: row for row in self.rows}
        taken = {row.line for row in self.rows} - {row.line for row in rows}
        for row, own in zip(rows, values, strict=True):
            one = self._variant(row, own)
            if one is None:
                continue
            key = tuple(own)
            if key in found and _says_the_same(row, by_line[found[key]["line"]]):
                self._note(_l("says the same as line %(line)s", line=found[key]["line"]), row.line)
                taken.add(row.line)
            elif key in found:
                reason = _l("stands with the same options in line %(line)s already", line=found[key]["line"])
                self._refuse(row, self._column(), "doubled", reason)
            elif len(found) >= MOST_VARIANTS:
                reason = _l("a product has at most %(num)s variants", num=MOST_VARIANTS)
                self._refuse(row, self._column(), "too_many", reason)
            else:
                found[key] = one
                taken.add(row.line)
        self.lines = [row.line for row in self.rows if row.line in taken] if found else []
        return list(found.values())

    def _own_rows(self, rows: Sequence[Row]) -> list[Row]:
        """The rows without those that say in another language what one before said."""
        if not self._says("view"):
            return list(rows)
        first: dict[str, str] = {}
        kept = []
        for row in rows:
            view, sku = _text(row, "view"), _text(row, "sku")
            if not sku or first.setdefault(sku, view) == view:
                kept.append(row)
            else:
                self._note(_l("is in another language (%(view)s), and is not taken", view=view), row.line)
        return kept

    def _column(self) -> str:
        return "varies" if "varies" in self.rules.fields else "option1_value"

    def _options(self, rows: Sequence[Row]) -> tuple[list[str], list[list[str]]]:
        """What variants differ in, and the values of each row."""
        if self._says("varies") and any(_text(row, "varies") for row in rows):
            if self._is_alone(rows):
                return [], [[] for _row in rows]
            names, values = options_of(rows, self.rules.options, len(OPTIONS))
        else:
            names = self._names()
            values = [[_text(row, value) for _n, _name, value in _OPTIONS[: len(names)]] for row in rows]
        return (names, values) if names else self._told_apart(rows)

    def _is_alone(self, rows: Sequence[Row]) -> bool:
        """Whether a row is a product of its own: what it may be chosen in has no rows, and is no option."""
        own = role_of(rows[0]) not in CHILD and _text(rows[0], "group") in ("", _text(rows[0], "sku"))
        return len(rows) == 1 and (own or rows[0] in self.sorted.wholes)

    def _told_apart(self, rows: Sequence[Row]) -> tuple[list[str], list[list[str]]]:
        """Variants of which the table doesn't say in what they differ: their numbers tell them apart."""
        numbers = [_text(row, "sku") for row in rows]
        if len(rows) < 2 or self.rules.options.get("continued") or not all(numbers) or len(set(numbers)) < 2:
            return [], [[] for _row in rows]
        self._note(_l("the table doesn't say in what its variants differ: their SKUs tell them apart"))
        return [str(_l("Variant"))], [[number[:80]] for number in numbers]

    @property
    def _varies(self) -> bool:
        return "option1_value" in self.rules.fields or "varies" in self.rules.fields

    def _is_variant(self, row: Row) -> bool:
        """Whether a row is of a variant: in files that go on in further rows some tell of an image alone."""
        if not self.rules.options.get("continued"):
            return True
        says = row.values
        return any(says[name] not in (None, "") for name in ("option1_value", "price", "sku"))

    def _names(self) -> list[str]:
        """What the product varies in."""
        names = []
        for n, named, valued in _OPTIONS:
            values = [row.values[valued] for row in self.rows]
            if not any(values):
                continue
            name = self._first(named)
            if n == 1 and (name in ("", NO_OPTION[0])) and {v for v in values if v} == {NO_OPTION[1]}:
                continue
            names.append(name or str(_l("Option %(n)s", n=n)))
        doubled = len({normalise(name) for name in names}) < len(names)
        return [f"{name} {n}" for n, name in enumerate(names, 1)] if doubled else names

    def _variant(self, row: Row, values: list[str]) -> dict[str, Any] | None:
        """A variant's facts; None where one of them can't be."""
        one: dict[str, Any] = {"line": row.line, "values": values}
        if not all(values):
            # TRANSLATORS: Follows what stands in the cell: “abc” …
            reason = _l("is empty, and other variants of the product have it")
            self._refuse(row, f"option{values.index('') + 1}_value", "empty", reason)
            return None
        currency = row.values.get("currency")
        if currency and currency != self.rules.currency:
            reason = _l("is not the currency %(currency)s of the shop", currency=self.rules.currency)
            self._refuse(row, "currency", "other_currency", reason)
            return None
        whole = next((other for other in self.sorted.wholes if other is not row), None)
        try:
            tag = tag_of(row, whole, self.rules)
        except NoPrice as error:
            self._refuse(row, error.field, "not_a_price", error.reason)
            return None
        one |= tag.amounts
        for note in tag.notes:
            self._note(note, row.line)
        if "weight" in self.rules.fields:
            grams = row.values["weight"]
            if grams is None and whole is not None:
                grams = whole.values["weight"]
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
        if _ROUNDED.fullmatch(text):
            reason = _l("the barcode %(code)s was rounded by a spreadsheet, and is left out", code=text)
            self._note(reason, row.line)
            return ""
        text = re.split(r"[,;|\s]", text)[0] if len(text) > 40 else text
        if looks_like_gtin(text) and not is_gtin(text):
            self._note(_l("the check digit of the barcode %(code)s is wrong", code=text), row.line)
        if len(text) > 40:
            self._note(_l("the barcode has more than 40 characters, and is left out"), row.line)
            return ""
        return text

    # -- images -------------------------------------------------------------------------------

    def _images(self) -> list[dict[str, str]]:
        """Addresses of images in their order, each once."""
        found: dict[str, dict[str, str]] = {}
        astray: dict[str, int] = {}
        for name in ("image", "variant_image"):
            for row in self.ordered if self._says(name) else ():
                for written in _addresses(_text(row, name)):
                    url = self._address(written)
                    if not url:
                        astray.setdefault(written, row.line)
                    elif url not in found and len(found) < MOST_LINKS:
                        alt = _text(row, "image_alt") if name == "image" else ""
                        found[url] = {"url": url, "alt": " ".join(alt.split())[:LONGEST_ALT]}
        for written, line in list(astray.items())[:1]:
            said = _l(
                "“%(url)s” is no address of an image, and %(num)s more", url=written[:60], num=len(astray) - 1
            )
            self._note(
                said if len(astray) > 1 else _l("“%(url)s” is no address of an image", url=written[:60]), line
            )
        return list(found.values())

    def _address(self, written: str) -> str:
        """The whole address of an image; empty where it has none."""
        base = str(self.rules.options.get("image_base") or "")
        if _is_web(written):
            return written
        if written.startswith("//") and _is_web(f"https:{written}"):
            return f"https:{written}"
        if not base or "://" in written:
            return ""
        whole = base.rstrip("/") + "/" + quote(written.lstrip("/"), safe="/~%.-_")
        return whole if _is_web(whole) else ""

    # -- saying so ----------------------------------------------------------------------------

    def _first(self, name: str) -> str:
        """What the first row that says it says, those of the whole before others."""
        for row in self.ordered:
            if (value := row.values[name]) and (text := str(value).strip()):
                return text
        return ""

    def _says(self, name: str) -> bool:
        """Whether a row may say something there: most tables have no column for most fields."""
        return name in self.rules.fields and any(row.values.get(name) for row in self.rows)

    def _remark(self) -> None:
        """Say what the table tells of the product that nothing comes of."""
        choices = [row for row in self.rows if _text(row, "choices")] if self._says("choices") else []
        listed = self.sorted.variants if "varies" in self.rules.fields and not self._is_told_apart else []
        if choices or (
            len(self.rows) == 1 and any(re.search("[;,]", _text(row, "varies")) for row in listed)
        ):
            self._note(_l("lists choices that have no rows of their own: it is one variant"))

    @property
    def _is_told_apart(self) -> bool:
        return len(self.sorted.variants) > 1

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


def _spoken(cell: str) -> dict[str, dict[str, str]]:
    """What a cell of texts in other languages says; nothing where somebody has changed what it is."""
    if not cell:
        return {}
    try:
        said = json.loads(cell)
        return {
            str(tag): {str(w): str(t) for w, t in texts.items() if w in _SPOKEN}
            for tag, texts in said.items()
        }
    except (ValueError, AttributeError):
        return {}


def _code(text: str | None) -> str:
    """A code without the apostrophe that keeps a spreadsheet from taking it for a number."""
    code = (text or "").strip()
    return re.sub(r"^'(?=\d+$)", "", code) if code.startswith("'") else code


def _is_web(url: str) -> bool:
    if _WEB.fullmatch(url):  # As most are; taking addresses apart costs more than all else of an image.
        return len(url) <= LONGEST_LINK
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and bool(parts.netloc) and len(url) <= LONGEST_LINK


def _says_the_same(row: Row, other: Row) -> bool:
    return row.values == other.values


def _plain(text: str) -> str:
    """A short text without the character references that some systems leave in it."""
    return " ".join((unescape(text) if "&" in text else text).split())


def _common(titles: Sequence[str]) -> str:
    """The words with which all titles begin, without what joined the rest to them."""
    words = [title.split() for title in titles]
    same = []
    for of_each in zip(*words, strict=False):
        if len(set(of_each)) > 1:
            break
        same.append(of_each[0])
    text = re.sub(r"[\s\-–—,:;|/(\[]+$", "", " ".join(same))
    return text if len(text) > 3 else ""


def _addresses(cell: str) -> list[str]:
    """The addresses in a cell."""
    if not cell:
        return []
    between = _BETWEEN if "://" in cell else _PLAIN_LIST
    return [one for part in between.split(cell) if (one := part.strip().strip(","))]
