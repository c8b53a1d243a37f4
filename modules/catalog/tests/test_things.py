"""Products that rows of other systems tell of: which are variants, what they cost, what is said."""

from pathlib import Path
from typing import Any

import pytest

from modules.catalog.destination import PRODUCTS
from modules.catalog.things import handle_of
from modules.catalog.variants import said
from orion.contracts.tabular import Rejected, Row, Rules, Statement, Thing, grouped, open_import
from tests.measuring import measured

pytestmark = pytest.mark.only_on("sqlite")


def things(
    folder: Path, text: str, currency: str = "EUR", **stated: Any
) -> tuple[list[Thing], list[Rejected]]:
    """The products of a table, and the rows that can't be taken."""
    path = folder / "table.csv"
    path.write_text(text, encoding="utf-8")
    found = open_import(path, PRODUCTS.target, Statement(**stated), currency=currency)
    mapping = found.plan.mapping
    fields = frozenset([*(key for key, column in mapping.columns.items() if column), *mapping.constants])
    rules = Rules(currency, fields, mapping.options)
    rows, refused = list(found.rows(texts=True)), list[Rejected]()
    refused += [row for row in rows if isinstance(row, Rejected)]
    made = []
    for _key, of_one in grouped([row for row in rows if isinstance(row, Row)], PRODUCTS.key):
        thing, rejected = PRODUCTS.thing(of_one, rules)
        refused += rejected
        made += [thing] if thing else []
    return made, refused


def shown(thing: Thing) -> dict[str, tuple[Any, Any]]:
    """Variant → price and price before."""
    return {
        " / ".join(one["values"]): (one.get("price"), one.get("compare_at")) for one in thing.data["variants"]
    }


WOO_HEADER = (
    "ID,Type,SKU,Name,Published,Sale price,Regular price,Parent,Images,Attribute 1 name,"
    "Attribute 1 value(s),Weight (kg)\n"
)
WOO_ROWS = """1,variable,tee,Tee,1,,,,"https://x.example/1.png, https://x.example/2.png",Size,"S, M",0.2
2,variation,tee-s,Tee - S,1,15,20,tee,,Size,S,
3,variation,tee-m,Tee - M,1,,22,id:1,,Size,M,0.3
4,simple,cap,Cap,0,,9,,,,,
"""
WOO = WOO_HEADER + WOO_ROWS


def test_variations_are_grouped_with_their_parent_and_cost_what_they_cost_now(tmp_path: Path) -> None:
    [tee, cap], refused = things(tmp_path, WOO)
    assert refused == []
    assert (tee.title, tee.data["options"], tee.lines) == ("Tee", ["Size"], (2, 3, 4))
    assert shown(tee) == {"S": (1500, 2000), "M": (2200, None)}
    assert [one["weight"] for one in tee.data["variants"]] == [200, 300]
    assert [one["url"] for one in tee.data["images"]] == [
        "https://x.example/1.png",
        "https://x.example/2.png",
    ]
    assert (cap.data["sku"], cap.data["status"]) == ("cap", "draft")


def test_headers_that_the_shop_has_translated_are_the_same(tmp_path: Path) -> None:
    german = WOO.replace(
        WOO_HEADER.strip(),
        "ID,Typ,Artikelnummer,Name,Veröffentlicht,Angebotspreis,Regulärer Preis,Übergeordnet,Bilder,"
        "Attribut 1 Name,Attribut 1 Wert(e),Gewicht (kg)",
    )
    assert [t.data for t in things(tmp_path, german)[0]] == [t.data for t in things(tmp_path, WOO)[0]]


def test_a_whole_may_list_its_variants_below_them(tmp_path: Path) -> None:
    text = (
        "sku,product_type,product_websites,name,price,url_key,configurable_variations\n"
        "H-S,simple,base,Hood S,52,hood-s,\nH-M,simple,base,Hood M,54,hood-m,\n"
        'H,configurable,base,Hood,52,hood,"sku=H-S,size=S|sku=H-M,size=M"\n'
    )
    [hood], refused = things(tmp_path, text)
    assert refused == [] and (hood.title, hood.data["handle"]) == ("Hood", "hood")
    assert shown(hood) == {"S": (5200, None), "M": (5400, None)}


PRESTA = """ID;Active (0/1);Name *;Price tax excluded;Reference #;URL rewritten
1;1;Player;100.123456;P;My-Player
2;1;Case;9;C;case
"""
COMBINATIONS = """Product ID,Attribute (Name:Type:Position),Value (Value:Position),Reference,Impact on price
1,Colour:color:0; Size:select:1,Red:0; 16GB:1,P-R,40
1,Colour:color:0; Size:select:1,Blue:0; 8GB:1,P-B,-10.5
"""


def test_variants_of_a_second_file_cost_the_price_and_a_surcharge(tmp_path: Path) -> None:
    (tmp_path / "combinations.csv").write_text(COMBINATIONS)
    [player, case], refused = things(tmp_path, PRESTA, beside=(tmp_path / "combinations.csv",))
    assert refused == [] and player.data["options"] == ["Colour", "Size"]
    assert shown(player) == {"Red / 16GB": (14012, None), "Blue / 8GB": (8962, None)}
    assert (player.data["handle"], case.data["handle"], shown(case)) == (
        "my-player",
        "case",
        {"": (900, None)},
    )
    assert any("rounded" in str(note.text) for note in player.notes)


FEED = """id,title,link,image_link,price,sale_price,item_group_id,color,size,material,gtin
j-1,"Jacket – Black, M",//x.example,//x.example/1.jpg,349.00 EUR,,j,Black,M,wool,4006381333931
j-2,"Jacket – Black, L",//x.example,//x.example/1.jpg,349.00 EUR,299 EUR,j,Black,L,wool,4006381333930
s-1,Scarf,https://x.example,https://x.example/2.jpg,19.99 EUR,,,Red,,wool,
"""


def test_items_of_a_group_vary_in_what_differs_between_them(tmp_path: Path) -> None:
    [jacket, scarf], refused = things(tmp_path, FEED)
    assert refused == []
    assert (jacket.title, jacket.data["options"]) == ("Jacket – Black", ["Size"])
    assert shown(jacket) == {"M": (34900, None), "L": (29900, 34900)}
    assert scarf.data["sku"] == "s-1" and shown(scarf) == {"": (1999, None)}


def test_a_wrong_check_digit_is_said_and_the_code_kept(tmp_path: Path) -> None:
    jacket = things(tmp_path, FEED)[0][0]
    assert [one["barcode"] for one in jacket.data["variants"]] == ["4006381333931", "4006381333930"]
    assert [note.line for note in jacket.notes if "check digit" in str(note.text)] == [3]


def test_amounts_in_another_currency_are_rejected(tmp_path: Path) -> None:
    found, refused = things(tmp_path, FEED, currency="CZK")
    assert found == [] and {one.code for one in refused} == {"other_currency"}


def test_a_reduction_is_in_per_cent_or_an_amount(tmp_path: Path) -> None:
    text = (
        "handleId,fieldType,name,price,surcharge,discountMode,discountValue,productOptionName1,"
        "productOptionDescription1\n"
        "p,Product,Mask,120.00,,AMOUNT,30.00,Size,S;M\np,Variant,,,5.50,,,Size,S\np,Variant,,,0,,,Size,M\n"
        "q,Product,Hat,19.99,,PERCENT,15.00,,\n"
    )
    [mask, hat], refused = things(tmp_path, text)
    assert refused == []
    assert shown(mask) == {"S": (9550, 12550), "M": (9000, 12000)}
    assert shown(hat) == {"": (1699, 1999)}


def test_a_sale_that_ends_is_not_taken_and_that_is_said(tmp_path: Path) -> None:
    text = WOO.replace("Parent,", "Date sale price ends,Parent,").replace(",15,20,", ",15,20,2020-01-01,")
    text = text.replace(',,,,"', ',,,,,"').replace(",22,", ",22,,").replace(",9,,", ",9,,,")
    tee = things(tmp_path, text)[0][0]
    assert shown(tee)["S"] == (2000, None)
    assert any("2020-01-01" in str(note.text) for note in tee.notes)


def test_a_row_that_says_the_same_again_is_merged_and_another_rejected(tmp_path: Path) -> None:
    text = "SKU,Title,Price\nA,Lamp,5\nA,Lamp,5\nA,Lamp,6\n"
    [lamp], refused = things(tmp_path, text)
    assert lamp.lines == (2, 3)
    assert [(one.line, one.code) for one in refused] == [(4, "doubled")]


def test_variants_that_nothing_tells_apart_go_by_their_numbers(tmp_path: Path) -> None:
    [shirt], refused = things(tmp_path, "Slug,SKU,Title,Price\nshirt,S-1,Shirt,5\nshirt,S-2,Shirt,5\n")
    assert refused == [] and list(shown(shirt)) == ["S-1", "S-2"]


def test_a_part_without_its_whole_is_called_by_the_number(tmp_path: Path) -> None:
    text = "sku\tparentage\tparent_sku\tstandard_price\tcolor_name\nA-1\tchild\tA\t5.00\tRed\n"
    [thing], refused = things(tmp_path, text)
    assert refused == [] and thing.title == "A" and thing.data["untitled"]


def test_pictures_without_an_address_of_their_own_get_the_one_that_is_stated(tmp_path: Path) -> None:
    text = "SKU,Title,Image\nA,Lamp,/m/h/a b.jpg\n"
    from orion.contracts.tabular import Mapping

    [bare], _refused = things(tmp_path, text)
    assert bare.data["images"] == [] and len(bare.notes) == 1
    [lamp], _refused = things(tmp_path, text, mapping=Mapping(options={"image_base": "https://x.example/"}))
    assert [one["url"] for one in lamp.data["images"]] == ["https://x.example/m/h/a%20b.jpg"]


@pytest.mark.parametrize(
    ("header", "title"),
    [
        ("Artikelnummer;Bezeichnung;Preis in EUR", "de"),
        ("Référence;Désignation;Prix TTC (€)", "fr"),
        ("Codice articolo;Nome prodotto;Prezzo", "it"),
        ("Referencia;Nombre del producto;Precio", "es"),
        ("Cod produs;Denumire;Preț", "ro"),
        ("Artikelcode;Productnaam;Prijs", "nl"),
        ("Stok kodu;Ürün adı;Fiyat", "tr"),
        ("Kod produktu;Nazwa;Cena brutto", "pl"),
    ],
)
def test_headers_of_many_languages_are_known(tmp_path: Path, header: str, title: str) -> None:
    [thing], _refused = things(tmp_path, f"{header}\nA-1;Lampe {title};1.234,50\n")
    assert (thing.title, thing.data["sku"], shown(thing)) == (f"Lampe {title}", "A-1", {"": (123450, None)})


def test_characters_that_a_system_has_escaped_are_what_they_stand_for(tmp_path: Path) -> None:
    [thing], _refused = things(tmp_path, "SKU,Title\nA,Salt &amp; pepper\n")
    assert thing.title == "Salt & pepper"


@pytest.mark.parametrize(
    ("text", "pairs"),
    [
        ("Size=M\nColour=Red", {"Size": "M", "Colour": "Red"}),
        ("Type=Swatch|Name=Colour|Value=Red", {"Colour": "Red"}),
        ("[S]Colour=Red,[RT]Size=M", {"Colour": "Red", "Size": "M"}),
        ("Farbe:rot|Größe:M", {"Farbe": "rot", "Größe": "M"}),
        ("plain", {}),
    ],
)
def test_what_a_variant_is_may_be_written_in_many_ways(text: str, pairs: dict[str, str]) -> None:
    assert said(text) == pairs


def test_an_address_with_slashes_is_a_handle() -> None:
    assert handle_of("handle:/black-shirt/") == "black-shirt"


def test_spaces_and_accents_without_end_take_no_time(tmp_path: Path) -> None:
    head = "Handle,Title,Tags,Image Src,Option1 Value,Variant SKU,Variant Price,Status\n"
    far, accents = "https://x.example/a" + " " * 30_000 + "b", "a" + "\u0301\u0316" * 15_000
    text = head + "".join(f'h{n},Thing,"new, {accents}","{far}",,S{n},1.50,active\n' for n in range(3))
    with measured() as cost:
        made, refused = things(tmp_path, text)
    assert [one.data["tags"] for one in made] == [["new"]] * 3 and not refused
    assert cost.seconds < 2
