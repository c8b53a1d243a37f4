"""Reading: positions, YAML 1.2 without guesses, and whatever else a file may hold."""

import time

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from orion.manifest.diagnostics import as_text
from orion.manifest.load import parse_module
from orion.manifest.reader import read
from orion.testing import minimal_manifest

HEAD = minimal_manifest("shop").encode()
#: Files that somebody might send to hurt, or by accident, and the code that each earns.
HOSTILE = {
    "200,000 nested brackets": (b"[" * 200_000, "ORN106"),
    "200,000 nested brackets below a key": (HEAD + b"menus: " + b"{a: " * 60_000, "ORN106"),
    "100,000 nested dashes": (b"- " * 100_000, "ORN106"),
    "an alias for an alias": (b"a: &a [x, x]\nb: &b [*a, *a]\nc: [*b, *b]\n", "ORN107"),
    "a tag that would run code": (b"a: !!python/object/apply:os.system [date]\n", "ORN108"),
    "a tag of its own": (b"%TAG ! tag:example.org,2026:\n---\na: !x 1\n", "ORN108"),
    "10 MB": (b"a: " + b"x" * 10_000_000, "ORN101"),
    "a list of 120,000": (b"a: [" + b"a," * 120_000 + b"]", "ORN101"),
    "80,000 keys": (b"\n".join(b"k%d:" % i for i in range(30_000)), "ORN101"),
    "not UTF-8": (HEAD + "name: Café".encode("latin-1"), "ORN102"),
    "UTF-16": (HEAD.decode().encode("utf-16"), "ORN102"),
    "NUL": (HEAD + b"name: a\x00b\n", "ORN103"),
    "nothing": (b"", "ORN104"),
    "a quote that is never closed": (b'name: "' + b"x" * 200_000, "ORN115"),
    "a number of 200,000 digits": (HEAD.replace(b'"1.0.0"', b"9" * 200_000), "ORN213"),
    "a key of 200,000 letters": (HEAD + b"x" * 200_000 + b": 1\n", "ORN113"),
    "200,000 question marks": (b"? " * 100_000, "ORN106"),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_file_is_explained_within_a_second(name: str) -> None:
    text, code = HOSTILE[name]
    begun = time.process_time()

    manifest, found = parse_module(text, "manifests/shop.yaml")

    assert time.process_time() - begun < 1
    assert manifest is None
    assert code in {one.code for one in found}
    assert all(len(line) < 400 for one in found for line in as_text(one).splitlines())


@pytest.mark.parametrize("length", range(0, len(HEAD), 7))
def test_half_a_file_is_explained(length: int) -> None:
    manifest, found = parse_module(HEAD[:length], "manifests/shop.yaml")

    assert manifest is None
    assert found


@settings(max_examples=150, deadline=None)
@given(
    st.one_of(
        st.binary(max_size=300), st.text(alphabet="[]{}:,-?&*!|>'\"%@ \n\tab#0", max_size=60).map(str.encode)
    )
)
def test_no_file_raises(text: bytes) -> None:
    for one in (
        parse_module(HEAD + text, "manifests/shop.yaml")[1] + parse_module(text, "manifests/shop.yaml")[1]
    ):
        assert one.line >= 1 and one.column >= 1
        as_text(one)


def test_keys_and_values_know_their_places() -> None:
    document, _ = read("name: Größe\nmenus:\n  admin:\n    - id: ops\n      label: Ops\n".encode(), "m.yaml")

    assert document is not None
    assert document.mark(("menus", "admin", 0, "label")) == (5, 14)
    assert document.mark(("menus", "admin", 0, "label"), key=True) == (5, 7)
    assert document.mark(("menus", "admin", 0)) == (4, 7)
    assert document.mark(("menus", "admin", 0, "order")) == (4, 7), "what is absent is where it would be"


def test_places_are_right_behind_a_byte_order_mark_and_windows_line_ends() -> None:
    document, found = read(b"\xef\xbb\xbfname: a\r\ncode: b\r\ncode: c\r\n", "m.yaml")

    assert document is not None and document.mark(("name",)) == (1, 7)
    assert [(one.line, one.column, one.source) for one in found] == [(3, 1, "code: c")]


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("yes", "yes"),
        ("no", "no"),
        ("on", "on"),
        ("True", "True"),
        ("true", True),
        ("null", None),
        ("~", None),
        ("", None),
        ("12", 12),
        ("-1", -1),
        ("0755", "0755"),
        ("0x1F", "0x1F"),
        ("1_000", "1_000"),
        ("1.10", 1.1),
        ("1e3", "1e3"),
        (".inf", ".inf"),
        ("12:30:45", "12:30:45"),
        ("2026-11-23", "2026-11-23"),
        ('"true"', "true"),
        ("=", "="),
    ],
)
def test_a_plain_value_is_what_yaml_1_2_says(written: str, value: object) -> None:
    document, found = read(f"a: {written}\n".encode(), "m.yaml")

    assert found == []
    assert document is not None and document.data == {"a": value}
    assert type(document.data["a"]) is type(value)


def test_both_lines_of_a_repeated_key_are_named_and_the_first_one_counts() -> None:
    document, found = read(b"name: a\ncode: b\nname: c\n", "m.yaml")

    assert document is not None and document.data == {"name": "a", "code": "b"}
    assert [one.message for one in found] == ['the key "name" stands on lines 1 and 3']


@pytest.mark.parametrize(
    ("text", "line", "hint"),
    [
        ("a:\n  b:1\n  c: 2\n", 2, "write a space after the colon: b: 1"),
        ("name:x\n", 1, "write a space after the colon: name: x"),
        ("a:\n\tb: 1\n", 2, "indent with spaces"),
        ("a: b: c\n", 1, 'quote a text that contains ": "'),
        ("a: {vendor: /vendor/{vendor_code}/x}\n", 1, 'quote the address: "/vendor/{vendor_code}"'),
        ("a: @home\n", 1, "quote the text"),
        ("a: * all\n", 1, "quote the text"),
    ],
)
def test_a_mistake_comes_with_what_to_do(text: str, line: int, hint: str) -> None:
    _, found = parse_module(text.encode(), "manifests/shop.yaml")

    assert (line, hint) in {(one.line, one.hint) for one in found}


def test_what_is_refused_does_not_hide_the_other_mistakes() -> None:
    text = HEAD + b"core: yes\nrequires: &x []\nrequires: []\nlable: 1\n"

    _, found = parse_module(text, "manifests/shop.yaml")

    assert [one.code for one in found] == ["ORN202", "ORN107", "ORN110", "ORN210"]


@pytest.mark.parametrize("nested", [32, 33])
def test_thirty_two_levels_are_the_most(nested: int) -> None:
    _, found = read(b"[" * nested + b"]" * nested, "m.yaml")

    assert [one.code for one in found] == (["ORN106"] if nested > 32 else [])


class _Plain(yaml.SafeDumper):
    """Writes what is repeated out in full."""

    def ignore_aliases(self, data: object) -> bool:
        return True


VALUES = st.recursive(
    st.text(max_size=8) | st.booleans() | st.integers(-1000, 1000) | st.none(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6), inner, max_size=3),
    max_leaves=12,
)


@settings(max_examples=100, deadline=None)
@given(VALUES)
def test_what_another_program_wrote_is_read_back(value: object) -> None:
    document, found = read(yaml.dump({"a": value}, Dumper=_Plain).encode(), "m.yaml")

    assert found == []
    assert document is not None and document.data == {"a": value}
