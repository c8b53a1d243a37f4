"""Every mistake of a catalog is found where it stands, and nothing is found in a good one."""

import json
import re
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

import pytest
from click.testing import CliRunner

from orion.i18n import checking, plurals
from orion.i18n.check import Home, Report, check
from orion.i18n.checking import floors
from orion.i18n.codes import CODES
from orion.i18n.commands import i18n
from orion.i18n.extract import Source, Template
from orion.settings import ROOT, Settings
from orion.testing.open_data import real, truth

HEADER = """\
msgid ""
msgstr ""
"Language: {language}\\n"
"Content-Type: text/plain; charset=UTF-8\\n"
"Plural-Forms: nplurals={forms}; plural={rule};\\n"

"""
GERMAN = HEADER.format(language="de", forms=2, rule="(n != 1)")
ARABIC = HEADER.format(
    language="ar",
    forms=6,
    rule="(n==0 ? 0 : n==1 ? 1 : n==2 ? 2 : n%100>=3 && n%100<=10 ? 3 : n%100>=11 ? 4 : 5)",
)
LITHUANIAN = HEADER.format(
    language="lt",
    forms=3,
    rule="(n%10==1 && n%100!=11 ? 0 : n%10>=2 && (n%100<10 || n%100>=20) ? 1 : 2)",
)


def message(text: str, *translations: str, plural: str = "", above: str = "") -> str:
    """A message; texts as they stand in a catalog between the quotes."""
    lines = [above] if above else []
    lines.append(f'msgid "{text}"')
    if plural:
        lines.append(f'msgid_plural "{plural}"')
        lines += [f'msgstr[{number}] "{one}"' for number, one in enumerate(translations)]
    else:
        lines.append(f'msgstr "{translations[0]}"')
    return "\n".join(lines) + "\n\n"


@pytest.fixture
def checked(tmp_path: Path):  # type: ignore[no-untyped-def]
    def run(text: str | bytes, name: str = "a.po", home: Home | None = None) -> Report:
        file = tmp_path / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(text.encode() if isinstance(text, str) else text)
        return check([file], [home] if home else [])

    return run


class Case(NamedTuple):
    """A message with one mistake: its code, and the words at which it is shown."""

    code: str
    entry: str
    at: str
    head: str = GERMAN
    warning: bool = False


GUESTS = ("%(num)d guest", "%(num)d guests")
CASES = {
    "a placeholder is left out": Case("ORN410", message("Hello %(name)s", "Hallo"), "Hallo"),
    "a placeholder in braces for one with a percent sign": Case(
        "ORN410", message("Hello %(name)s", "Hallo {name}"), "{name}"
    ),
    "the number is left out where it is more than one": Case(
        "ORN410",
        message(GUESTS[0], "%(num)d Gast", "Gäste", plural=GUESTS[1]),
        "Gäste",
    ),
    "a name is left out where only the number may be": Case(
        "ORN410",
        message(
            "%(num)d guest of %(name)s", "Ein Gast", "%(num)d von %(name)s", plural="%(num)d of %(name)s"
        ),
        "Ein Gast",
    ),
    "a form for 1, 21, 31 … doesn't say the number": Case(
        "ORN410",
        message(GUESTS[0], "svečias", "%(num)d svečiai", "%(num)d svečių", plural=GUESTS[1]),
        "svečias",
        LITHUANIAN,
    ),
    "one of six forms doesn't say the number": Case(
        "ORN410",
        message(GUESTS[0], "لا", "واحد", "اثنان", "ضيوف", "%(num)d ضيفًا", "%(num)d ضيف", plural=GUESTS[1]),
        "ضيوف",
        ARABIC,
    ),
    "a field in braces is left out": Case("ORN410", message("Go to {place}", "Geh"), "Geh"),
    "one of two by order is left out": Case(
        "ORN410", message("%s of %s", "%s", above="#, python-format"), '%s"\n\n'
    ),
    "one of two of C is left out": Case("ORN410", message("%d of %d", "%d", above="#, c-format"), '%d"\n\n'),
    "a name is misspelt": Case("ORN411", message("Hello %(name)s", "Hallo %(nmae)s"), "%(nmae)s"),
    "a name is in capitals": Case("ORN411", message("Hello %(name)s", "Hallo %(Name)s"), "%(Name)s"),
    "a name is translated": Case("ORN411", message("Go to {place}", "Geh nach {ort}, {place}"), "{ort}"),
    "a name is another word": Case("ORN411", message("Hello %(name)s", "Hallo %(benutzer)s"), "%(benutzer)s"),
    "a placeholder that the English doesn't have": Case(
        "ORN411", message("From %(name)s", "Von %(name)s um %(time)s"), "%(time)s"
    ),
    "a placeholder where the English has none": Case("ORN411", message("Hello", "Hi %(name)s"), "%(name)s"),
    "a placeholder that lost its letter": Case("ORN412", message("%(x)s said", "%(x) a dit"), "%(x) a dit"),
    "a number where a text is": Case("ORN412", message("Hello %(name)s", "Hallo %(name)d"), "%(name)d"),
    "two by order have changed places": Case(
        "ORN412", message("%s has %d", "%d hat %s", above="#, python-format"), "%d hat"
    ),
    "a placeholder without its letter": Case("ORN413", message("Hi %(name)s!", "Hallo %(name)!"), "%(name)!"),
    "a placeholder that isn't closed": Case("ORN413", message("Hi %(name)s", "Hallo %(name"), '%(name"'),
    "a percent sign on its own": Case("ORN413", message("%(x)s left", "%(x)s sind 5%"), '%"\n'),
    "a brace on its own": Case(
        "ORN413", message("Go to {place}", "Geh { nach {place}", above="#, python-brace-format"), "{ nach"
    ),
    "a tag is left out": Case("ORN420", message("<b>Stop</b>", "Halt"), "Halt"),
    "a tag isn't closed": Case("ORN420", message("<b>Stop</b> here", "<b>Halt hier"), "<b>Halt"),
    "a tag is closed as it is opened": Case("ORN420", message("<b>Stop</b>", "<b>Halt<b>"), '<b>"\n'),
    "a tag is another": Case("ORN420", message("<b>Stop</b>", "<i>Halt</i>"), "<i>Halt"),
    "tags are crossed": Case("ORN421", message("<b><i>x</i></b>", "<b><i>y</b></i>"), "<b><i>y"),
    "a link leads elsewhere": Case("ORN422", message("<a href='/a'>x</a>", "<a href='/b'>y</a>"), "/b"),
    "an address is left out": Case(
        "ORN422", message("See https://orion.example/help", "Siehe dort"), "Siehe", warning=True
    ),
    "there are too few forms": Case(
        "ORN430", message(GUESTS[0], "%(num)d", "%(num)d", plural=GUESTS[1]), "msgstr[1]", ARABIC
    ),
    "there are too many forms": Case(
        "ORN430", message(GUESTS[0], *["%(num)d"] * 3, plural=GUESTS[1]), "msgstr[2]"
    ),
    "a form is empty": Case("ORN434", message(GUESTS[0], "%(num)d Gast", "", plural=GUESTS[1]), '"\n\n'),
    "a form without placeholders is empty": Case(
        "ORN434", message("Guest", "Gast", "", plural="Guests"), '"\n\n', warning=True
    ),
    "a line break at the beginning is left out": Case("ORN440", message("\\nStop", "Halt"), "Halt"),
    "a line break at the end is too much": Case("ORN440", message("Stop", "Halt\\n"), '\\n"\n\n'),
    "a blank at the end is left out": Case("ORN441", message("Stop: ", "Halt:"), ':"\n\n', warning=True),
    "a blank at the end is too much": Case("ORN441", message("Stop", "Halt "), ' "\n\n', warning=True),
    "there is too little room": Case(
        "ORN442", message("Stop", "Anhalten bitte", above="#. max:10"), "Anhalten"
    ),
    "a message stands twice": Case(
        "ORN404", message("Stop", "Halt") + message("Stop", "Stopp"), 'msgid "Stop"\nmsgstr "Stopp"'
    ),
    "a letter was read in another encoding": Case("ORN401", message("Cats", "KÃ¤tzchen"), "Ã¤"),
    "a quote is never closed": Case("ORN403", 'msgid "Stop"\nmsgstr "Halt\n', '"Halt'),
    "the file ends in a message": Case("ORN403", 'msgid "Stop"\n', "msgid"),
    "a quote inside isn't escaped": Case("ORN402", message("Stop", 'Halt "hier" bitte'), 'hier" bitte'),
    "a keyword is misspelt": Case("ORN402", 'msgid "Stop"\nmsgstr "Halt"\nmsgsrt "x"\n', "msgsrt"),
    "a plural's forms are skipped": Case(
        "ORN402", 'msgid "a"\nmsgid_plural "b"\nmsgstr[1] "c"\n', "msgstr[1]"
    ),
    "a backslash means nothing": Case("ORN402", message("Stop", "Ha\\lt"), "\\lt"),
    "the header has more forms than the language": Case(
        "ORN431", "", "nplurals", HEADER.format(language="de", forms=3, rule="(n != 1)")
    ),
    "the header has fewer forms than the language": Case(
        "ORN431", "", "nplurals", HEADER.format(language="ar", forms=2, rule="(n != 1)")
    ),
    "the header's rule is no rule": Case(
        "ORN432", "", "nplurals", HEADER.format(language="de", forms=2, rule="(n !=)")
    ),
    "the header's rule leads to a form that there is not": Case(
        "ORN432", "", "nplurals", HEADER.format(language="fr", forms=2, rule="(n > 5 ? 2 : n > 1)")
    ),
    "there is no header": Case("ORN405", message("Stop", "Halt"), "msgid", "", warning=True),
    "the header doesn't say the plurals": Case(
        "ORN405",
        message(GUESTS[0], "%(num)d Gast", "%(num)d Gäste", plural=GUESTS[1]),
        "Language",
        re.sub('"Plural.*\n', "", GERMAN),
        warning=True,
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_a_mistake_is_found_where_it_stands(checked, name: str) -> None:  # type: ignore[no-untyped-def]
    case = CASES[name]
    text = case.head + case.entry
    (found,) = checked(text).found

    start = text.rindex(case.at) if case.entry else text.index(case.at)
    line, column = text.count("\n", 0, start) + 1, start - text.rfind("\n", 0, start)
    assert (found.code, found.line, found.column) == (case.code, line, column)
    assert (found.severity == "warning") == case.warning
    assert found.source == text.split("\n")[line - 1]


GOOD = {
    "the singular may drop the number": message(GUESTS[0], "Ein Gast", "%(num)d Gäste", plural=GUESTS[1]),
    "the singular may drop the only placeholder": message(
        "%(things)s thing", "Ein Ding", "%(things)s Dinge", plural="%(things)s things"
    ),
    "the order of names is free": message("%(a)s and %(b)s", "%(b)s und %(a)s"),
    "a name may come twice": message("%(a)s", "%(a)s, ja, %(a)s"),
    "a doubled percent sign is shown": message("%(a)s%% off", "%(a)s %% weniger"),
    "a percent sign in a text without placeholders": message("100% sure", "100 % sicher"),
    "numbers of C": message("%1$s of %2$d", "%2$d von %1$s", above="#, c-format"),
    "words in angle brackets that are no tags": message("Usage: run <file>", "Aufruf: run <datei>"),
    "comparisons are no tags": message("a < b > c", "a > c"),
    "tags in another order": message("<b>a</b> <i>b</i>", "<i>b</i> <b>a</b>"),
    "a link of another language": message(
        "<a href='https://x.example/en'>x</a>", "<a href='https://x.example/en'>y</a>"
    ),
    "what is not translated": message("Hello %(name)s", ""),
    "what is fuzzy": message("Hello %(name)s", "Hallo", above="#, fuzzy"),
    "what is obsolete": '#~ msgid "Stop %(a)s"\n#~ msgstr "Halt"\n',
    "escapes": message('a\\tb \\"c\\" d\\\\e', 'A\\tB \\"C\\" D\\\\E'),
    "what is just long enough": message("Stop", "Anhalten", above="#. max:8"),
    "placeholders take no room": message("%(name)s!", "Ei, %(name)s!", above="#. max:5"),
    "the same message in two contexts": 'msgctxt "a"\n' + message("x", "y") + message("x", "z"),
    "a comment alone": "# The end.\n",
    "samples that are no fields": message("Write { or }", "Schreib } oder {"),
    "Windows": message("Stop", "Halt").replace("\n", "\r\n"),
}


@pytest.mark.parametrize("name", GOOD)
def test_nothing_is_found_where_nothing_is_wrong(checked, name: str) -> None:  # type: ignore[no-untyped-def]
    assert checked(GERMAN + GOOD[name]).found == []


def test_all_mistakes_are_found_at_once(checked) -> None:  # type: ignore[no-untyped-def]
    """Those that have a line of their own; a file that is cut off has one."""
    cases = [
        c
        for c in CASES.values()
        if c.head == GERMAN and c.entry and c.code not in ("ORN402", "ORN403", "ORN404")
    ]
    text = GERMAN + "".join(
        f'msgctxt "{n}"\n{c.entry}'
        if not c.entry.startswith("#")
        else c.entry.replace("msgid", f'msgctxt "{n}"\nmsgid', 1)
        for n, c in enumerate(cases)
    )

    assert sorted(found.code for found in checked(text).found) == sorted(case.code for case in cases)


def test_fuzzy_ones_are_counted(checked) -> None:  # type: ignore[no-untyped-def]
    report = checked(GERMAN + message("Stop", "Halt", above="#, fuzzy"))

    assert (report.fuzzy, report.errors) == (1, 0)


# -- encodings ------------------------------------------------------------------------------------

LATIN = GERMAN.replace("UTF-8", "ISO-8859-1") + message("Cat", "Kätzchen")


@pytest.mark.parametrize(
    ("data", "line", "severity"),
    [
        (GERMAN.encode() + message("Cat", "Kätzchen").encode("latin-1"), 8, "error"),
        (LATIN.encode("latin-1"), 4, "warning"),
        (LATIN.encode(), 4, "error"),
        (LATIN.replace("ISO-8859-1", "KLINGON-1").encode(), 4, "error"),
        (message("Cat", "Kätzchen").encode(), 2, "error"),
        ((GERMAN + message("Cat", "Katze")).encode("utf-16"), 1, "error"),
        (b"\xef\xbb\xbf" + (GERMAN + message("Cat", "Katze")).encode(), 1, "warning"),
    ],
    ids=["not as declared", "not UTF-8", "UTF-8 after all", "unknown", "undeclared", "UTF-16", "a mark"],
)
def test_a_wrong_encoding_is_found(checked, data: bytes, line: int, severity: str) -> None:  # type: ignore[no-untyped-def]
    found = [(one.code, one.line, one.severity) for one in checked(data).found if one.code == "ORN401"]

    assert found == [("ORN401", line, severity)]


HOSTILE = [
    b'msgid ""\nmsgstr[2] "Language: de"\n',
    b'msgid ""\nmsgstr "Content-Type: text/plain; charset=hex"\n',
    b'msgid ""\nmsgstr "Content-Type: text/plain; charset=UTF\x00-8"\n',
]


@pytest.mark.parametrize(
    "data", [b"", b"\n \n", b"\xff\xfe\x00", bytes(range(256)), b'msgid "' * 50, *HOSTILE]
)
def test_whatever_a_file_contains_is_told_and_never_raised(checked, data: bytes) -> None:  # type: ignore[no-untyped-def]
    assert checked(data).errors


# -- catalogs of an installation ------------------------------------------------------------------


@pytest.fixture
def home(tmp_path: Path) -> Home:
    sources = [
        Source(None, "Good day", None, "modules/shop/a.py", 1, ("max:10",)),
        Source("shop.menu.goods", "All goods", None, "manifests/shop.yaml", 2),
        Source("of a door", "Open", None, "modules/shop/a.py", 3),
        Source("of a shop", "Open", None, "modules/shop/a.py", 4),
    ]
    return Home(tmp_path, {"shop": Template("shop", sources)}, ["off"])


def in_context(context: str, text: str, translation: str) -> str:
    return f'msgctxt "{context}"\nmsgid "{text}"\nmsgstr "{translation}"\n\n'


def codes(report: Report) -> list[tuple[str, str, str]]:
    return [(one.code, one.severity, one.hint) for one in report.found]


PLACE = "de/LC_MESSAGES/shop.po"


def test_a_context_that_was_mistyped_is_an_error(checked, home: Home) -> None:  # type: ignore[no-untyped-def]
    report = checked(GERMAN + in_context("of a dor", "Open", "Offen"), PLACE, home)

    assert codes(report) == [("ORN450", "error", 'did you mean "of a door"?')]
    assert (report.found[0].line, report.found[0].column) == (7, 10)


def test_a_context_that_is_gone_is_a_warning(checked, home: Home) -> None:  # type: ignore[no-untyped-def]
    report = checked(GERMAN + in_context("elsewhere entirely", "Nothing", "Nichts"), PLACE, home)

    assert codes(report) == [("ORN450", "warning", "orion i18n update moves it to the end")]


def test_a_label_with_its_english_of_before_is_no_mistake(checked, home: Home) -> None:  # type: ignore[no-untyped-def]
    assert codes(checked(GERMAN + in_context("shop.menu.goods", "Goods", "Waren"), PLACE, home)) == []


def test_a_message_that_the_source_does_not_have_is_a_warning(checked, home: Home) -> None:  # type: ignore[no-untyped-def]
    report = checked(GERMAN + message("God day", "Guten Tag"), PLACE, home)

    assert codes(report) == [
        ("ORN451", "warning", 'did you mean "Good day"? orion i18n update takes the words over')
    ]


def test_messages_that_are_gone_are_told_once(checked, home: Home) -> None:  # type: ignore[no-untyped-def]
    gone = message("Quite another thing", "Etwas") + message("Nothing at all", "Nichts")
    (found,) = checked(GERMAN + message("Good day", "Tag") + gone, PLACE, home).found

    assert (found.code, found.line, found.severity) == ("ORN451", 10, "warning")
    assert found.message == "the source doesn't have 2 messages of this catalog, this one first"


def test_a_limit_of_the_source_holds_before_an_update_brings_it(checked, home: Home) -> None:  # type: ignore[no-untyped-def]
    report = checked(GERMAN + message("Good day", "Einen schönen Tag"), PLACE, home)

    assert codes(report) == [("ORN442", "error", "say it shorter")]


@pytest.mark.parametrize(
    ("place", "expected"),
    [
        ("fr/LC_MESSAGES/shop.po", ["ORN406", "ORN433"]),
        ("klingon/LC_MESSAGES/shop.po", ["ORN406"]),
        ("de/LC_MESSAGES/shpo.po", ["ORN453"]),
        ("de/LC_MESSAGES/off.po", []),
        ("de_AT/LC_MESSAGES/shop.po", []),
    ],
)
def test_a_catalog_lies_where_it_belongs(checked, home: Home, place: str, expected: list[str]) -> None:  # type: ignore[no-untyped-def]
    assert [one.code for one in checked(GERMAN + message("Good day", "Tag"), place, home).found] == expected


def test_a_blank_that_parts_words_is_an_error_here(checked, home: Home) -> None:  # type: ignore[no-untyped-def]
    template = Template("shop", [Source(None, "Room: ", None, "modules/shop/a.py", 1)])
    report = checked(GERMAN + message("Room: ", "Raum:"), PLACE, Home(home.folder, {"shop": template}))

    assert [(one.code, one.severity) for one in report.found] == [("ORN441", "error")]


def test_two_catalogs_that_say_it_differently_are_told(checked, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    source = [Source(None, "Good day", None, "modules/shop/a.py", 1)]
    home = Home(tmp_path, {code: Template(code, source) for code in ("shop", "till")})
    for code, said in (("shop", "Guten Tag"), ("till", "Tag")):
        checked(GERMAN + message("Good day", said), f"de/LC_MESSAGES/{code}.po", home)
    report = check([tmp_path], [home])

    assert [(one.code, Path(one.file).name, one.line) for one in report.found] == [("ORN452", "till.po", 8)]
    assert report.found[0].hint == 'shop.po:7 says "Guten Tag": choose one'


def test_what_serving_leaves_out_is_never_called_good(checked, home: Home) -> None:  # type: ignore[no-untyped-def]
    report = checked(GERMAN + message("Good day", "100 %"), PLACE, home)

    assert codes(report) == [("ORN413", "error", "it is left out on pages; say it in words")]


def test_what_serving_could_not_read_is_never_called_good(checked, home: Home) -> None:  # type: ignore[no-untyped-def]
    report = checked(GERMAN + 'msgid "Good day"\nmsgstr "Tag" "chen"\n', PLACE, home)

    assert [one.code for one in report.found] == ["ORN402"]


# -- real ones ------------------------------------------------------------------------------------

#: Counts that are in use besides.
ALLOWED = {"mk": {3}}
REAL = {
    "ar_wagtail_simple_translation_6plurals_clean": [],
    "pl_wagtail_simple_translation_clean": [],
    "lt_wagtail_admin_missing_count_placeholder": [("ORN410", 889), ("ORN420", 760)],
    "pl_myshop_fuzzy_newline_mismatch": [("ORN434", 218), ("ORN434", 219)],
    "pl_nplurals4_header_3_forms": [("ORN430", 864), ("ORN430", 894)],
    "polib_helpers_fuzzy_obsolete": [],
    "polib_iso-8859-15": [],
    "polib_weird_occurrences": [],
}
WARNED = {"polib_helpers_fuzzy_obsolete": [("ORN434", 90)], "polib_iso-8859-15": [("ORN401", 10)]}


@pytest.mark.parametrize("name", REAL)
def test_real_catalogs_have_the_mistakes_that_they_are_known_for(name: str) -> None:
    report = check([real(f"po/{name}.po")])
    errors = [(one.code, one.line) for one in report.found if one.severity == "error"]
    warnings = [(one.code, one.line) for one in report.found if one.severity == "warning"]

    assert sorted(errors) == REAL[name]
    if "myshop" not in name:
        assert warnings == WARNED.get(name, [])
    assert report.fuzzy == truth(f"po/{name}.po").get("fuzzy", 0)


def test_the_codes_are_all_explained_and_all_used() -> None:
    source = "".join(
        (ROOT / "orion/i18n" / f"{n}.py").read_text()
        for n in ("po", "parsing", "check", "checking", "markup", "placeholders")
    )
    doc = (ROOT / "docs/translating.md").read_text()

    assert set(re.findall(r"ORN4\d\d", source)) == set(CODES)
    assert [code for code, text in CODES.items() if f"| {code} | {text} |" not in doc] == []


@pytest.mark.parametrize(
    ("locales", "forms"),
    [
        ("de en nl lb sv nb el sw mk sq", {2}),
        ("fr it es pt pt_BR", {2, 3}),
        ("pl cs ru uk sk lt", {3, 4}),
        ("ar", {6}),
        ("ja zh th vi", {1}),
        ("he", {2, 3, 4}),
        ("tlh xx nonsense", set()),
    ],
)
def test_a_language_has_as_many_forms_as_its_catalogs_in_the_world(locales: str, forms: set[int]) -> None:
    """Tables differ where fractions, or millions, have a form of their own."""
    assert {
        locale: set(plurals.counts(locale)) - ALLOWED.get(locale, set()) for locale in locales.split()
    } == (dict.fromkeys(locales.split(), forms))


def test_less_than_is_demanded_is_an_error_of_the_project(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sources = [Source("shop.menu.goods", "All goods", None, "manifests/shop.yaml", 2)]
    monkeypatch.setattr(checking, "templates", lambda _settings: {"shop": Template("shop", sources)})
    (tmp_path / "pyproject.toml").write_text("[tool.orion.i18n]\nfloors = {de = 100, fr = 1}\n")
    settings = replace(Settings(translations=tmp_path / "words", data=tmp_path), root=tmp_path)
    file = tmp_path / "words/de/LC_MESSAGES/shop.po"
    file.parent.mkdir(parents=True)
    # Stale, and shown.
    file.write_text(GERMAN + in_context("shop.menu.goods", "Goods", "Waren"))
    monkeypatch.setattr(checking, "package_folder", lambda _settings: None)
    (found,) = checking.check_installation(settings).found

    assert (found.code, found.line, found.severity) == ("ORN460", 2, "error")
    assert found.message == "fr is translated to 0.0 percent, and 1 are demanded"


def test_a_share_that_is_demanded_is_read_from_the_project(tmp_path: Path) -> None:
    file = tmp_path / "pyproject.toml"
    file.write_text("[tool.orion.i18n]\nfloors = {fr = 100, lb = 60.5}\n")

    assert floors(file) == {"fr": 100.0, "lb": 60.5}
    assert floors(tmp_path / "absent.toml") == {}


@pytest.mark.parametrize(
    ("options", "entry", "status"),
    [
        ([], message("Hello %(name)s", "Hallo"), 1),
        ([], message("Stop", "Halt "), 0),
        (["--strict"], message("Stop", "Halt "), 1),
        (["--strict"], message("Stop", "Halt"), 0),
    ],
)
def test_the_command_fails_on_errors_and_strictly_on_warnings(
    tmp_path: Path, options: list[str], entry: str, status: int
) -> None:
    (tmp_path / "a.po").write_text(GERMAN + entry)
    result = CliRunner().invoke(i18n, ["check", "--json", *options, str(tmp_path)])

    assert result.exit_code == status
    assert [one["line"] for one in json.loads(result.stdout)] == [8] * (entry.split('"')[3] != "Halt")


def test_a_pull_request_is_told_at_the_line(tmp_path: Path) -> None:
    (tmp_path / "a.po").write_text(GERMAN + message("Hello %(name)s", "Hallo"))
    result = CliRunner().invoke(i18n, ["check", "--format", "github", str(tmp_path)])

    assert re.match(r"::error file=.*a\.po,line=8,col=9::ORN410: ", result.stdout)
