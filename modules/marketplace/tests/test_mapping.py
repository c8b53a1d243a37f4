"""What is understood of a file, stated about it, and remembered for the next one like it."""

import io
import zipfile
from typing import Any

import pytest
from sqlalchemy import select

from modules.marketplace import files, services
from modules.marketplace.models import Import, Memory
from modules.marketplace.tests.conftest import SHOPIFY, Market
from orion.contracts.data import session
from orion.contracts.tabular import Mapping
from orion.jobs.running import run_due
from orion.testing import csrf_token

pytestmark = pytest.mark.by_turns
HOME = "/vendor/SHOP/imports"
PART = {"HX-Request": "true", "HX-Request-Type": "partial"}
TABLE = "Ding;Bezeichnung;Einstand\nx;Lampe;1,50\n"


def _post(owner: Any, address: str, page: str = "", headers: Any = None, **form: Any) -> Any:
    token = csrf_token(owner.get(page or address).text)
    data = {"csrf_token": token, **form}
    return owner.post(address, data=data, headers=headers, content_type="multipart/form-data")


def _uploaded(owner: Any, text: str | bytes, name: str = "list.csv") -> str:
    content = text.encode() if isinstance(text, str) else text
    answer = _post(owner, f"{HOME}/new", file=(io.BytesIO(content), name), show_on="")
    assert answer.status_code == 303, answer.text
    return str(answer.location).removesuffix("/mapping")


def _import(market: Market, address: str) -> Import:
    with market.at():
        return session().scalars(select(Import).where(Import.public_id == address.rpartition("/")[2])).one()


def test_what_is_chosen_for_a_file_is_known_again_by_its_headers_until_it_is_forgotten(
    market: Market, owner: Any
) -> None:
    first = _uploaded(owner, TABLE)
    assert "read before" not in owner.get(f"{first}/mapping").text
    assert _post(owner, f"{first}/mapping", field_sku="Ding", decimal=",").status_code == 303
    again = _uploaded(owner, "EINSTAND;ding;Bezeichnung\n2,50;y;Tisch\n", "next.csv")
    page = owner.get(f"{again}/mapping").text
    assert "were read before: list.csv" in page and 'value="," selected' in page
    stated = files.mapping_of(_import(market, again))
    assert (stated.columns["sku"], stated.decimal) == ("Ding", ",")
    assert _post(owner, f"{again}/mapping/forget", page=f"{again}/mapping").status_code == 303
    assert "read before" not in owner.get(f"{again}/mapping").text
    third = _uploaded(owner, TABLE)
    assert files.mapping_of(_import(market, third)) == Mapping()


def test_an_encoding_that_had_to_be_stated_is_remembered_too(market: Market, owner: Any) -> None:
    table = "Bezeichnung;Größe\nÄtherlampe;1\n".encode("cp850")
    first = _uploaded(owner, table)
    assert _post(owner, f"{first}/mapping", encoding="cp850", go="look").status_code == 303
    assert _post(owner, f"{first}/mapping", encoding="cp850").status_code == 303
    again = _uploaded(owner, table)
    assert files.mapping_of(_import(market, again)).encoding == "cp850"
    assert "Ätherlampe" in owner.get(f"{again}/mapping").text


def test_an_encoding_that_is_supposed_is_shown_as_that_and_taken_when_somebody_agrees(
    market: Market, owner: Any
) -> None:
    table = "Bezeichnung;Hersteller\nGrüne Lampe für draußen;Müller & Söhne\n".encode("cp1252")
    one = _uploaded(owner, table)
    page = owner.get(f"{one}/mapping").text
    assert "Shown as if it were so: cp1252" in page and "Grüne Lampe für draußen" in page
    assert 'value="cp1252" selected' in page
    assert _post(owner, f"{one}/mapping").status_code == 422
    assert _post(owner, f"{one}/mapping", encoding="cp1252").status_code == 303
    run_due(market.app)
    assert [one.title for one in market.staged(_import(market, one))] == ["Grüne Lampe für draußen"]


def test_of_a_file_that_holds_several_tables_one_is_chosen(market: Market, owner: Any) -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("shop/people.csv", "Nobody,Else\n1,2\n")
        archive.writestr("shop/goods.csv", "SKU,Title\nX,Vase\n")
    one = _uploaded(owner, packed.getvalue(), "export.zip")
    assert "The file holds several tables" in owner.get(f"{one}/mapping").text
    chosen = _post(owner, f"{one}/mapping?go=look", page=f"{one}/mapping", headers=PART, table="goods.csv")
    assert 'value="goods.csv" selected' in chosen.text and "Vase" in chosen.text
    assert _post(owner, f"{one}/mapping", table="goods.csv").status_code == 303
    run_due(market.app)
    assert [one.title for one in market.staged(_import(market, one))] == ["Vase"]


def test_customers_are_known_by_their_headers_and_come_in_like_products(market: Market, owner: Any) -> None:
    table = "Numéro client;Nom;Prénom;Courriel;Pays\nk1;Lumen;Ida;ida@x.example;FR\n;Tal;Bo;;FR\n"
    one = _uploaded(owner, table, "clients.csv")
    assert _import(market, one).target == "customers.customers"
    assert _post(owner, f"{one}/mapping").status_code == 303
    run_due(market.app)
    found = _import(market, one)
    assert [(s.title, s.state, s.code) for s in market.staged(found)] == [
        ("Ida Lumen", "new", ""),
        ("Bo", "rejected", "no_key"),
    ]
    wrong = f"{HOME}/staging/{market.staged(found)[1].public_id}"
    assert _post(owner, wrong, field_first_name="Bo", field_email="bo@x.example").status_code == 303
    page = owner.get(f"{HOME}/staging/{market.staged(found)[0].public_id}").text
    assert "ida@x.example" in page and "France" in page
    market.take_back(market.publish(found))
    assert market.states(found) == [("Ida Lumen", "new"), ("Bo", "new")]


def test_customers_that_are_published_are_not_called_products(market: Market, owner: Any) -> None:
    one = _uploaded(owner, "Customer no,Name,Email\nk1,Ida Lumen,ida@x.example\n", "clients.csv")
    _post(owner, f"{one}/mapping")
    run_due(market.app)
    assert _post(owner, f"{one}/publish", page=one).status_code == 303
    assert "1 is being published." in owner.get(one).text


def test_another_vendor_remembers_nothing_of_it(market: Market, owner: Any) -> None:
    first = _uploaded(owner, TABLE)
    _post(owner, f"{first}/mapping", decimal=",")
    with market.at("RIVAL"):
        assert session().scalars(select(Memory)).all() == []


def test_a_choice_shows_the_part_that_follows_from_it_at_once(market: Market, owner: Any) -> None:
    one = _uploaded(owner, "Name,Other name\nA,B\n")
    chosen = {"field_title": "Other name", "field_sku": "-"}
    answer = _post(owner, f"{one}/mapping?go=look", page=f"{one}/mapping", headers=PART, **chosen)
    assert answer.status_code == 200
    assert answer.text.lstrip().startswith('<div id="mapping-live"') and "<html" not in answer.text
    title = answer.text.partition('aria-label="Title"')[2].partition("</tr>")[0]
    assert 'value="Other name" selected' in title and ">B<" in title
    assert files.mapping_of(_import(market, one)).columns["title"] == "Other name"


def test_a_header_that_is_nearly_known_is_proposed_and_not_taken_unseen(market: Market, owner: Any) -> None:
    one = _uploaded(owner, "Produktnamen;Farbe der Kiste\nLampe;rot\n")
    page = owner.get(f"{one}/mapping").text
    row = page.partition('<th scope="row">Title')[2].partition("</tr>")[0]
    assert "A proposal" in row and 'value="Produktnamen" selected' in row and "Lampe" in row
    assert "Perhaps these columns are meant for: Title" in page


def test_a_mapping_file_says_all_of_it_and_is_taken_again(market: Market, owner: Any) -> None:
    table = "Ding;Bezeichnung;Preis\nx;Lampe;1.234,50\n"
    one = _uploaded(owner, table)
    _post(owner, f"{one}/mapping", field_sku="Ding")
    run_due(market.app)
    answer = owner.get(f"{one}/mapping.yaml")
    assert answer.mimetype == "application/yaml"
    assert "filename=list.yaml" in answer.headers["Content-Disposition"]
    for line in ("sku: Ding", "decimal: ','", "delimiter: ;", "encoding: utf-8"):
        assert line in answer.text
    other = _uploaded(owner, "Ding;Bezeichnung;Preis\ny;Tisch;1,250\n")
    file = (io.BytesIO(answer.data), "mine.yaml")
    taken = _post(owner, f"{other}/mapping/file", page=f"{other}/mapping", file=file)
    assert taken.status_code == 303
    stated = files.mapping_of(_import(market, other))
    assert (stated.columns["sku"], stated.columns["title"], stated.decimal) == ("Ding", "Bezeichnung", ",")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("columns: {titel: A}", "did you mean"),
        ("with: [x.csv]", "further files"),
        ("", "Choose a mapping file"),
    ],
)
def test_a_wrong_mapping_file_is_refused_and_states_nothing(
    market: Market, owner: Any, text: str, said: str
) -> None:
    one = _uploaded(owner, TABLE)
    file = (io.BytesIO(text.encode()), "mine.yaml")
    _post(owner, f"{one}/mapping/file", page=f"{one}/mapping", file=file)
    assert said in owner.get(f"{one}/mapping").text
    assert files.mapping_of(_import(market, one)) == Mapping()


def test_what_a_later_file_no_longer_has_is_shown_and_archived_only_if_asked(market: Market) -> None:
    first = market.publish(market.bring())
    second = market.bring(SHOPIFY.replace("clay-pot,Clay pot", "tin-pot,Tin pot").replace("CP-1", "TP-1"))
    gone = next(one for one in market.staged(second) if one.state == "gone")
    assert (gone.title, gone.lines) == ("Clay pot", 0)
    market.publish(second)
    assert market.product("clay-pot")[0].status == "active"
    made = market.publish(second, ids=[gone.id])
    assert market.product("clay-pot")[0].status == "archived"
    assert market.take_back(made).left == 0
    assert market.product("clay-pot")[0].status == "active"
    assert first.done == 2


def test_files_of_other_headers_say_nothing_of_what_is_gone(market: Market) -> None:
    market.publish(market.bring())
    found = market.bring("SKU,Title\nX,Thing\n")
    assert market.states(found) == [("Thing", "new")]


def test_a_file_of_which_something_is_published_stays_what_it_is(market: Market) -> None:
    found = market.bring()
    market.publish(found)
    with market.at(write=True) as scope, pytest.raises(services.Conflict):
        services.state_mapping(scope, services.by_id(found.id), Mapping(), "something.else")
