"""The fuzzers' own eyes: each kind of defect is seen where there is one, and nowhere else."""

from email.message import EmailMessage
from random import Random

import pytest
from sqlalchemy import text

from tests.fuzz.attacks import Attacker, put
from tests.fuzz.browser import Answer, Question
from tests.fuzz.crawl import Reached
from tests.fuzz.markup import masked, read
from tests.fuzz.owners import Owner, Sight
from tests.fuzz.pairs import FLEETING, alike
from tests.fuzz.planting import Cell
from tests.fuzz.run import Run
from tests.fuzz.stage import Person
from tests.fuzz.words import never, new_word, with_word, words_in

pytestmark = [pytest.mark.only_on("sqlite"), pytest.mark.long]
HERE = "/vendor/WIZAMART/orders"


def _person(run: Run, name: str) -> Person:
    return next(person for person in run.stage.people if person.name == name)


def _word(run: Run, name: str, seen: bool, table: str = "customers_customer") -> str:
    """A word that somebody sees, or doesn't."""
    sights = _person(run, name).places.values()
    cells = run.stage.holdings.words.items()
    return next(w for w, c in cells if c[0].table == table and _sees(sights, c[0]) == seen)


def _sees(sights: object, cell: Cell) -> bool:
    return any(sight.sees(owner) for sight in sights for owner in cell.owners)  # type: ignore[attr-defined]


def _answer(body: str = "", address: str = HERE, status: int = 200, **more: object) -> Answer:
    headers = {"Content-Type": "text/html; charset=utf-8"}
    return Answer(Question("GET", address), status, headers, body, **more)  # type: ignore[arg-type]


def _kinds(run: Run) -> list[str]:
    return sorted({kind for kind, _where in run.figures.defects})


def _mail(words: str) -> EmailMessage:
    message = EmailMessage()
    message["To"] = "somebody@mail.example"
    message.set_content(words)
    return message


def test_what_stands_in_the_address_of_a_form_is_what_one_wrote(run: Run) -> None:
    word = _word(run, "owner", seen=False)
    run._send(run.browsers["owner"], Question("POST", f"{HERE}/nowhere?q={word}"))
    run.judge.look(_person(run, "owner"), _answer(word))
    assert _kinds(run) == []


@pytest.mark.parametrize("where", ["body", "logged", "mails", "cached"])
@pytest.mark.parametrize("seen", [True, False])
def test_a_foreign_word_is_seen_wherever_it_stands(run: Run, where: str, seen: bool) -> None:
    said = f"before {_word(run, 'owner', seen).upper()}&amp;after"
    kept = (_mail(said),) if where == "mails" else (said,)
    answer = _answer(said) if where == "body" else _answer(**{where: kept})
    run.judge.look(_person(run, "owner"), answer)
    assert _kinds(run) == ([] if seen else ["leak"])


def test_a_foreign_word_in_a_header_is_seen(run: Run) -> None:
    word = _word(run, "owner", False)
    run.judge.look(_person(run, "owner"), Answer(Question("GET", HERE), 303, {"Location": f"/x?{word}"}, ""))
    assert _kinds(run) == ["leak"]


def test_what_a_question_says_itself_may_be_repeated(run: Run) -> None:
    word = _word(run, "owner", False)
    run.judge.look(_person(run, "owner"), _answer(f"nothing for {word}", f"{HERE}?q={word}"))
    assert _kinds(run) == []


def test_a_public_id_and_a_code_tell_by_themselves(run: Run) -> None:
    for column in ("public_id", "code"):
        marks = run.stage.holdings.marks.items()
        owner = _person(run, "owner")
        mark = next(m for m, c in marks if c.column == column and not _sees(owner.places.values(), c))
        run.judge.look(owner, _answer(f"<a href='/x/{mark}'>"))
    assert run.figures.number("leak") == 2


def test_on_one_platform_the_rows_of_another_are_foreign(run: Run) -> None:
    oms = run.stage.map.platforms["oms"]
    cells = run.stage.holdings.words.items()
    word = next(
        w
        for w, c in cells
        if c[0].owners[0].vendor == run.stage.map.vendors["WIZAMART"] and c[0].owners[0].platforms == {oms}
    )
    run.judge.look(_person(run, "owner"), _answer(word, f"{HERE}?platform=oms"))
    assert _kinds(run) == []
    run.judge.look(_person(run, "owner"), _answer(word, f"{HERE}?platform=letz"))
    assert _kinds(run) == ["leak"]


def test_an_error_and_markup_that_got_out_are_seen(run: Run) -> None:
    run.judge.look(_person(run, "owner"), _answer(status=500))
    for markup in ("<zxtag>", "<a zxattr=1>", "<a href=' JavaScript:x()'>"):
        run.judge.look(_person(run, "owner"), _answer(f"<p>{markup}</p>"))
    assert (run.figures.number("5xx"), run.figures.number("escaped")) == (1, 3)
    run.judge.look(_person(run, "owner"), _answer("&lt;zxtag&gt; <input value='zxattr=1 javascript:'>"))
    assert run.figures.number("escaped") == 3


def test_a_short_code_is_put_back_where_it_stands_alone_and_in_no_word() -> None:
    assert alike(_answer("?platform%3Doms%26x, oms"), _answer("?platform%3Dzqk%26x, zqk"), {"oms": "zqk"})
    assert alike(_answer(r"\u201coms\u201d"), _answer(r"\u201czqk\u201d"), {"oms": "zqk"})
    assert alike(_answer("a word: bzqkb"), _answer("a word: bzqkb"), {"oms": "zqk"})


def test_answers_are_alike_when_they_differ_in_what_was_asked_alone() -> None:
    assert alike(_answer("no A&amp;B here"), _answer("no C&amp;D here"), {"A&B": "C&D"})
    assert alike(_answer("no A&#39;s here"), _answer("no B&#39;s here"), {"A's": "B's"})
    assert not alike(_answer("no A here"), _answer("A is not yours"), {"A": "B"})
    assert alike(_answer("A is kept"), _answer("A is kept"), {"B": "A"})
    assert not alike(_answer(status=403), _answer(status=404), {})


def test_a_value_that_lost_one_of_its_words_is_compared_as_a_whole() -> None:
    values = {"zq222222qz zq333333qz": "zq444444qz zq55"}
    one, other = (_answer(f"nothing for {value}") for pair in values.items() for value in pair)
    assert alike(one, other, values)


def test_what_is_new_in_each_answer_tells_nothing() -> None:
    foreign, never, again = (_answer(f"A is not here\n{new}") for new in ("1", "2", "3"))
    assert alike(foreign, never, {}, [again]) and not alike(foreign, never, {}, [never])
    assert not alike(_answer("A is here\n1"), never, {}, [again])


def test_a_row_of_others_that_was_written_is_seen(run: Run) -> None:
    before = run.stage.rows()
    books = run.stage.map.vendors["LUXBOOKS"]
    with run.stage.engine.begin() as connection:
        changed = text("UPDATE customers_customer SET phone = 'x' WHERE vendor_id = :vendor")
        connection.execute(changed, {"vendor": books})
    run._unharmed(_person(run, "books"), before)
    assert _kinds(run) == []
    run._unharmed(_person(run, "owner"), before)
    assert _kinds(run) == ["foreign write", "leak"]


@pytest.mark.parametrize("signed", ["WyJhZGQiLCJj.aSb3Cd.kq9Xw-2", ".eJwrSSwuKS1J.aSb3Cd.kq9Xw-2"])
def test_what_is_signed_is_the_same_to_everybody(signed: str) -> None:
    assert masked(f'value="{signed}{"x" * 20}"') == 'value="token"'


def test_a_page_leads_to_its_links_forms_and_attributes() -> None:
    page = read(
        """<a href="b?x=1#y">b</a><div hx-get="/c"></div><img srcset="/d 1x, /e 2x"><use href="/no">
        <form id="f" method="post" action="/f"><input name="a" value="1"><select name="s"><option value="2">
        <option value="3" selected></select><textarea name="t">4</textarea><button formaction="/g">g</button>
        <input type="checkbox" name="n"></form><input form="f" name="z" value="5"><p hx-delete="/h"></p>""",
        "http://localhost/a",
    )
    assert [link.removeprefix("http://localhost") for link in page.links] == ["/b?x=1", "/c", "/d", "/e"]
    forms = {form.action.removeprefix("http://localhost"): form for form in page.forms}
    assert {action: form.method for action, form in forms.items()} == {
        "/f": "POST",
        "/g": "POST",
        "/h": "DELETE",
    }
    assert forms["/f"].values == [("a", "1"), ("s", "3"), ("t", "4"), ("z", "5")]


def test_a_word_goes_into_texts_of_every_kind() -> None:
    word = new_word(Random(1))
    texts = ("Anna Maria", "K-1", "anna@mail.example", "shop.example")
    marked = [with_word(value, word, 80) for value in texts]
    assert marked == [
        f"Anna Maria {word}",
        f"K-1-{word}",
        f"anna-{word}@mail.example",
        f"{word}.shop.example",
    ]
    assert with_word("a@b", word, 10) is None
    assert all(words_in(value or "") == {word} for value in marked)


@pytest.mark.parametrize("value", ["42", "WIZAMART", "ab3defghjkmnp9", "K-1 zq234567qz"])
def test_what_never_was_looks_like_what_is(value: str) -> None:
    other = never(value, Random(2))
    assert other != value
    assert other.isdecimal() == value.isdecimal() and other.isupper() == value.isupper()
    assert len(other) == len(value) or value.isdecimal()


def test_what_never_was_stands_in_no_header(run: Run) -> None:
    answer = run.stage.app.test_client().get("/login")
    headers = " ".join(f"{name}: {value}" for name, value in answer.headers if name not in FLEETING)
    assert "src" in headers
    assert [code for n in range(3000) if (code := never("oms", Random(n))) in headers] == []


def test_whole_parts_of_an_address_are_exchanged() -> None:
    address = put("/vendor/5/x5/a%20b?v=5&w=55&z=a+b", {"5": "6", "a b": "c/d"})
    assert address == "/vendor/6/x5/c%2Fd?v=6&w=55&z=c%2Fd"


def test_who_sees_what() -> None:
    team = Sight(team=True, vendors=frozenset({1}), platforms=frozenset({7, 8}))
    platform = Sight(vendors=frozenset({1}), platforms=frozenset({7}))
    on = [Owner(1, frozenset({p}), seen) for p in (7, 8) for seen in (False, True)]
    assert [team.sees(owner) for owner in on] == [True] * 4
    assert [platform.sees(owner) for owner in on] == [True, True, False, False]
    left = [Owner(2, frozenset({7})), Owner(2, frozenset({7}), True), Owner(2)]
    assert [platform.sees(owner) for owner in left] == [True, False, False]
    assert [team.sees(owner) for owner in left] == [False] * 3
    assert team.sees(Owner(None, frozenset({8}))) and not platform.sees(Owner(None, frozenset({8})))
    assert not team.sees(Owner()) and Sight(everything=True).sees(Owner())


def test_whoever_was_put_back_reads_signed_in_again(run: Run) -> None:
    run.stage.put_back()
    run.read(1)
    answer = run.ask(_person(run, "owner"), Question("GET", "/account/sessions"))
    assert answer.status == 200


@pytest.mark.parametrize(("name", "theirs"), [("admin", True), ("letz", True), ("owner", False)])
def test_a_place_in_a_list_is_anybodys_who_looks_at_that_platform(run: Run, name: str, theirs: bool) -> None:
    others = Reached()
    others.addresses[("a list",)] = ["/admin/customers?platform=letz&after=abc"]
    attacker = Attacker(run.stage, _person(run, name), Reached(), [others], Random(1))
    assert (attacker.own_cursors() == {"abc"}) is theirs
