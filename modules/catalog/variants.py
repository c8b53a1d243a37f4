"""Which rows of a product are variants, and what each of them is."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from orion.contracts.models import normalise
from orion.contracts.tabular import Row

#: What rows say that they are, where formats have a column for it; anything else is a product of its own.
CHILD = {"variant", "variation", "product_variation", "child", "combination", "sku"}
WHOLE = {"parent", "variable", "configurable", "product", "master"}
ASIDE = {"image", "media", "rule", "product_option", "product_file"}
#: What stands for an option that a variant says nothing of.
ANY = "–"
_NAMED = re.compile(r"Name=([^|;]+)[|;]Value=([^|;]+)")
_TAGGED = re.compile(r"^\[[A-Z]+\]")


@dataclass(frozen=True, slots=True)
class Sorted:
    """The rows of one product: those of the whole, those that may be variants, and the rest."""

    wholes: list[Row]
    variants: list[Row]
    aside: list[Row]


def role_of(row: Row) -> str:
    """What a row says that it is, in one word and small letters."""
    told = row.values.get("role")
    return normalise(str(told)[:80]).split(",")[0].strip() if told else ""


def sort(rows: Sequence[Row]) -> Sorted:
    """Tell the rows of one product apart by what they say that they are, or by how they call each other."""
    if not any([row.values.get("role") or row.values.get("group") for row in rows]):
        return Sorted([], list(rows), [])
    roles = [(row, role_of(row)) for row in rows]
    aside = [row for row, role in roles if role in ASIDE]
    rest = [(row, role) for row, role in roles if role not in ASIDE]
    children = [row for row, role in rest if role in CHILD]
    if children:
        return Sorted([row for row, role in rest if role not in CHILD], children, aside)
    groups = {group for row, _role in rest if (group := row.values.get("group"))}
    wholes = [row for row, role in rest if role in WHOLE or row.values.get("sku") in groups]
    others = [row for row, _role in rest if row not in wholes]
    return Sorted(wholes, others, aside) if others else Sorted([], [row for row, _role in rest], aside)


def said(text: str) -> dict[str, str]:
    """Name → value of what a variant is, as systems write it.

    >>> said("Size=M"), said("Type=Swatch|Name=Color|Value=Red;Type=Radio|Name=Size|Value=M")
    ({'Size': 'M'}, {'Color': 'Red', 'Size': 'M'})
    >>> said("[S]Color=Red,[RT]Size=M"), said("Farbe:rot|Größe:M")
    ({'Color': 'Red', 'Size': 'M'}, {'Farbe': 'rot', 'Größe': 'M'})
    """
    if found := _NAMED.findall(text):
        return {name.strip(): value.strip() for name, value in found}
    if _TAGGED.match(text):
        parts = re.split(r",(?=\[[A-Z]+\])", text)
        return _pairs((_TAGGED.sub("", part) for part in parts), "=")
    if "=" in text:
        return _pairs(text.splitlines(), "=")
    return _pairs(re.split(r"[|\n]", text), ":")


def _pairs(parts: Any, sign: str) -> dict[str, str]:
    pairs = (part.split(sign, 1) for part in parts if sign in part)
    return {" ".join(n.split())[:80]: " ".join(v.split())[:80] for n, v in pairs if n.strip() and v.strip()}


def options_of(rows: Sequence[Row], rules: Mapping[str, Any], most: int) -> tuple[list[str], list[list[str]]]:
    """What variants differ in, and the values of each; a value of ANY stands for one that says nothing."""
    each = [said(str(row.values.get("varies") or "")) for row in rows]
    names = list(dict.fromkeys(name for one in each for name in one))
    if rules.get("varying"):
        names = [name for name in names if len({one.get(name) for one in each}) > 1]
    if len(names) > most:
        names = sorted(names, key=lambda name: len({one.get(name) for one in each}) < 2)
        kept, rest = names[: most - 1], names[most - 1 :]
        each = [{**one, " / ".join(rest): " / ".join(one.get(n, ANY) for n in rest)[:80]} for one in each]
        names = [*kept, " / ".join(rest)]
    return [name[:80] for name in names], [[one.get(name, ANY) for name in names] for one in each]
