"""What the schema doesn't allow, in sentences; and the schema as editors get it."""

import pytest
from jsonschema import Draft202012Validator

from orion.manifest.load import parse_module, parse_platform
from orion.manifest.schema import installation_schema, schema
from orion.settings import ROOT
from orion.testing import minimal_manifest

HEAD = minimal_manifest("shop")
METRIC = "metrics:\n  - query: shop.sold\n    label: Sold\n    frontends: [vendor]\n    kind: count\n"


def said(text: str) -> list[str]:
    """What is said of a manifest, with its hints."""
    found = parse_module(text.encode(), "manifests/shop.yaml")[1]
    return [
        f"{one.line}:{one.column} {one.message}" + (f" ({one.hint})" if one.hint else "") for one in found
    ]


@pytest.mark.parametrize("name", ["module", "platform"])
def test_the_schemas_are_json_schema_2020_12(name: str) -> None:
    Draft202012Validator.check_schema(schema(name))


@pytest.mark.parametrize("name", ["module", "platform"])
def test_every_key_of_the_schemas_has_a_title_and_a_description(name: str) -> None:
    parts = [schema(name), *schema(name)["$defs"].values()]
    bare = [
        key
        for part in parts
        for key, value in part.get("properties", {}).items()
        if not (value.get("title") and value.get("description"))
    ]

    assert bare == []


@pytest.mark.parametrize("name", ["module", "platform"])
def test_every_pattern_says_in_words_what_it_wants(name: str) -> None:
    def patterns(part: object) -> list[dict[str, object]]:
        if isinstance(part, list):
            return [found for one in part for found in patterns(one)]
        if not isinstance(part, dict):
            return []
        mine = [part] if isinstance(part.get("pattern"), str) else []
        return mine + [found for one in part.values() for found in patterns(one)]

    assert [p["pattern"] for p in patterns(dict(schema(name))) if not p.get("patternErrorMessage")] == []


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        (HEAD + METRIC + "    lable: x\n", '11:5 unknown key "lable" (did you mean "label"?)'),
        (
            HEAD + METRIC + "    Permission: shop.view\n",
            '11:5 unknown key "Permission" (did you mean "permission"?)',
        ),
        (HEAD + METRIC.replace("count", "counts"), '10:11 "kind" can\'t be "counts" (did you mean "count"?)'),
        (HEAD + "core: yes\n", '6:7 "core" must be true or false, not text (write true)'),
        (HEAD + "enabled: off\n", '6:10 "enabled" must be true or false, not text (write false)'),
        (HEAD + "requires: till\n", '6:11 "requires" must be a list, not text (write [till])'),
        (
            HEAD + "requires:\n",
            '6:10 "requires" must be a list, not empty (give it a value, or leave the key out)',
        ),
        (
            HEAD + "requires: [1.10]\n",
            '6:12 an entry of "requires" must be text, not a number (quote it: "1.10")',
        ),
        (HEAD.replace('"1.0.0"', "1.10"), '5:10 "version" must be text, not a number (quote it: "1.10")'),
        (
            HEAD + "features: {a: 1}\n",
            '6:15 "a" must be text or a mapping of keys to values, not a number (quote it: "1")',
        ),
        (HEAD + METRIC + "    order: 1.0\n", '11:12 "order" must be a whole number, not a number'),
        (
            HEAD + "menus:\n  admin:\n    - id:shop\n",
            '8:7 an entry of "admin" must be a mapping of keys to values, not text'
            " (write a space after the colon: id: shop)",
        ),
        (HEAD.replace("code: shop\n", ""), '1:1 the key "code" is missing here'),
        (HEAD + "menus: {shop: [], back: []}\n", '6:19 unknown key "back" (one of admin, vendor, shop)'),
        (
            HEAD + "features: {Sale: x}\n",
            '6:12 the key "Sale" is not of the right form'
            " (use lower-case letters, digits and _, and begin with a letter)",
        ),
    ],
)
def test_a_mistake_is_said_in_one_sentence_at_its_place(text: str, sentence: str) -> None:
    assert sentence in said(text)


def test_all_mistakes_are_told_at_once_in_the_order_of_their_places() -> None:
    text = HEAD.replace("name: Shop", 'name: ""') + "core: on\nfoo: 1\n" + METRIC.replace("count", "sum")

    places = [one.split()[0] for one in said(text)]

    assert places == ["3:7", "6:7", "7:1", "12:11"]


def test_a_key_that_is_misspelt_is_not_told_as_a_missing_one_too() -> None:
    assert said(HEAD + METRIC.replace("label:", "lable:")) == [
        '8:5 unknown key "lable" (did you mean "label"?)'
    ]
    assert (
        said(HEAD + METRIC.replace("label: Sold", "colour: red"))[0] == '7:5 the key "label" is missing here'
    )


def test_a_text_with_a_line_end_does_not_pass_for_one_without() -> None:
    assert said(HEAD.replace("code: shop", 'code: "shop\\n"'))


def test_a_file_of_mistakes_is_cut_off_at_a_hundred() -> None:
    found = said(HEAD + "".join(f"x{i}: 1\n" for i in range(3000)))

    assert len(found) == 100


@pytest.mark.parametrize("hue", [-10, 360, 255])
def test_a_platforms_hue_is_a_step_of_ten_on_the_wheel(hue: int) -> None:
    assert [one.code for one in parse_platform(f"hue: {hue}\n".encode(), "south.yaml")[1]] == ["ORN214"]


def test_an_editor_is_offered_what_this_installation_has() -> None:
    made = installation_schema(
        icons=["cube", "bolt"],
        routes=["/vendor/<vendor_code>/goods/<int:number>"],
        permissions=["shop.view"],
        metrics=["shop.sold"],
    )

    Draft202012Validator.check_schema(made)
    assert made["$defs"]["icon"]["enum"] == ["bolt", "cube"]
    assert made["$defs"]["route"]["anyOf"][0] == {"enum": ["/vendor/{vendor_code}/goods/{number}"]}
    assert made["$defs"]["metric"]["properties"]["permission"]["anyOf"][0] == {"enum": ["shop.view"]}


def test_the_schema_for_editors_allows_what_the_checker_allows_and_only_known_icons() -> None:
    made = Draft202012Validator(installation_schema(["cube"], ["/admin/x"], ["shop.view"], ["shop.sold"]))
    metric = {
        "query": "shop.new",
        "label": "New",
        "frontends": ["admin"],
        "kind": "count",
        "permission": "shop.new",
    }
    manifest = {"schema": 1, "code": "shop", "name": "Shop", "description": "x", "version": "1.0.0"}

    assert made.is_valid({**manifest, "metrics": [metric]})
    assert not made.is_valid({**manifest, "metrics": [{**metric, "icon": "cubes"}]})


def test_every_manifest_names_its_schema_where_editors_look_for_it() -> None:
    files = sorted((ROOT / "manifests").rglob("*.yaml"))
    assert files
    for file in files:
        first = file.read_text("utf-8").partition("\n")[0]
        named = first.partition("$schema=")[2]
        assert first.startswith("# yaml-language-server: $schema="), file.name
        assert (file.parent / named).resolve().is_file(), file.name
