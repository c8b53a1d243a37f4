"""Tables of formats in the shape that a target asks for."""

import json
from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from orion.tabular.reading import RawRow, Rows
from orion.tabular.shapes import (
    Carried,
    Either,
    FillDown,
    Gather,
    Headed,
    InLanguages,
    Linked,
    Listed,
    Named,
    Paired,
    Shape,
    Unfold,
    shaped,
)
from orion.tabular.stacking import Part, Stacked

pytestmark = pytest.mark.only_on("sqlite")


@dataclass
class Lines:
    """A table whose rows stand one below the other, the header first."""

    lines: list[str]
    name: str = "table.csv"

    @property
    def columns(self) -> tuple[str, ...]:
        return tuple(self.lines[0].split(","))

    def rows(self) -> Iterator[RawRow]:
        for line, text in enumerate(self.lines[1:], 2):
            yield RawRow(line, text.split(","))


def said(table: Rows) -> list[dict[str, str]]:
    """What each row says, blank cells left out."""
    return [{n: c for n, c in zip(table.columns, row.cells, strict=True) if c} for row in table.rows()]


def shape(shape: Shape, *lines: str) -> list[dict[str, str]]:
    return said(shaped(Lines(list(lines)), [shape]))


def test_columns_of_a_series_are_gathered_each_value_once() -> None:
    [row] = shape(Gather("All", r"image\d"), "Image 1,image_2,IMAGE3,Other", "a,b,a,c")
    assert row["All"] == "a\nb"


def test_columns_named_for_what_they_say_become_pairs() -> None:
    rows = shape(Named("Is", {"color": "Colour", "size": "Size"}), "color,size", "red,M", ",L")
    assert [row["Is"] for row in rows] == ["Colour=red\nSize=M", "Size=L"]


def test_the_first_of_some_columns_that_says_anything_counts() -> None:
    rows = shape(Either("Own", ("part_no", "No such", "NUMBER")), "Number,Part No", "1,2", "3,", ",")
    assert [row.get("Own") for row in rows] == ["2", "3", None]


def test_columns_whose_header_ends_with_a_name_become_pairs() -> None:
    [row] = shape(Headed("Is", r"option_\{?(.+?)\}?"), "option_{Größe},Option_Farbe,Other", "M,rot,x")
    assert row["Is"] == "Größe=M\nFarbe=rot"


def test_pairs_of_columns_become_pairs_whichever_stands_first() -> None:
    pairs = Paired("Is", r"name(\d)", r"value(\d)")
    [row] = shape(pairs, "Value 1,Name 1,Name 2,Value 2", "red,Colour,Size,")
    assert row["Is"] == "Colour=red"


def test_several_pairs_may_stand_in_one_cell_with_remarks() -> None:
    pairs = Paired("Is", "attribute", "value", part=";", until=":")
    [row] = shape(pairs, "Attribute,Value", "Colour:color:0; Size:select:1,Red:0; M:1")
    assert row["Is"] == "Colour=Red\nSize=M"


def test_a_row_that_goes_on_says_what_the_row_above_says() -> None:
    rows = shape(FillDown(("name", "slug"), mark="name"), "name,slug,sku", "A,a,1", ",,2", "B,,3", ",,4")
    assert [row.get("slug") for row in rows] == ["a", "a", None, None]


def test_rows_below_a_whole_carry_its_number() -> None:
    carried = Carried("ID", mark="Item", value="Product", name="Of")
    rows = shape(carried, "Item,ID", "Product,7", "SKU,70", "Product,8")
    assert [row["Of"] for row in rows] == ["7", "7", "8"]


def test_parts_are_linked_to_their_whole_by_either_of_its_names_wherever_it_stands() -> None:
    linked = Linked(("Parent",), own=("SKU", "ID"), name="Of", prefixes={"id:": "ID"})
    rows = shape(linked, "ID,SKU,Parent", "3,A-2,id:1", "1,A,", "2,A-1,A", "4,,", "5,B,away")
    assert [row["Of"] for row in rows] == ["A", "A", "A", "4", "away"]


def test_parts_know_their_whole_from_the_list_that_it_has_of_them() -> None:
    listed = Listed("parts", own="sku", key="sku", name="Of", said="Is")
    table = Lines(["sku,parts", "A-1,", "A,", "B,"])
    rows = list(table.rows())
    rows[1].cells[1] = "sku=A-1,size=XS,color=Red, dark|sku=A-2,size=M"
    table.rows = lambda: iter(rows)  # type: ignore[method-assign]
    found = [dict(zip(("sku", "parts", "Of", "Is"), row.cells[:2] + row.cells[-2:], strict=True))
             for row in listed.rows(table, whole=True)]  # fmt: skip
    assert [row["Of"] for row in found] == ["A", "A", "B"]
    assert found[0]["Is"] == "size=XS\ncolor=Red, dark"


def test_columns_that_are_places_become_rows() -> None:
    unfold = Unfold(("SKU",), "Place", "There")
    rows = shape(unfold, "SKU,Shop,Store", "A,3,4", "B,,5", "C,,")
    assert [(row["SKU"], row.get("Place"), row.get("There")) for row in rows] == [
        ("A", "Shop", "3"),
        ("A", "Store", "4"),
        ("B", "Store", "5"),
        ("C", None, None),
    ]


def test_a_second_table_goes_on_where_the_first_ends() -> None:
    first, second = Lines(["id,name", "1,Lamp"]), Lines(["of,colour", "1,red"])
    part = Part(second, {"group": "of", "varies": "colour"}, {"role": "variant"})
    stacked = Stacked(first, {"group": "id", "title": "name"}, [part])
    assert said(stacked) == [
        {"id": "1", "name": "Lamp"},
        {"id": "1", "varies": "red", "role": "variant"},
    ]
    assert [row.line for row in stacked.rows()] == [2, 4]


def test_what_columns_say_in_other_languages_stands_in_one() -> None:
    spoken = InLanguages("Texts", {"Title": "title", "Description (Markdown)": "text"}, masked=True)
    lines = (
        "Title,Title (fr),title_de-AT,Description (Markdown) (fr),Size (fr)",
        "Cup,'=Tasse,,Bleu,XL",
        "Pot,,,,",
    )
    first, second = shape(spoken, *lines)
    assert json.loads(first["Texts"]) == {"fr": {"title": "=Tasse", "text": "Bleu"}}
    assert "Texts" not in second
