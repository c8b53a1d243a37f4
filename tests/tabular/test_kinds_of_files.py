"""Workbooks, XML, archives, fixed columns, and text whose encoding is only supposed."""

import gzip
import io
import zipfile
from pathlib import Path

import pytest
from flask import Flask

from orion.i18n import speaking
from orion.tabular.apart import text_of
from orion.tabular.dates import readings
from orion.tabular.errors import TableError
from orion.tabular.guessing import guess_encoding
from orion.tabular.mapping import Mapping
from orion.tabular.numbers import read_number
from orion.tabular.reading import open_table
from orion.tabular.understanding import understand
from orion.tabular.values import converter
from tests.tabular.conftest import TARGET, Write, column, opened, read

pytestmark = pytest.mark.only_on("sqlite")
_SPREADSHEET = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
RSS = """<?xml version="1.0"?><rss xmlns:g="http://base.google.com/ns/1.0"><channel><title>Shop</title>
<item><title>Its own</title><g:title>Lamp</g:title><g:image>a</g:image><g:image>b</g:image>
<g:shipping><g:country>DE</g:country></g:shipping></item>
<item><g:title>Cup &amp; saucer</g:title></item></channel></rss>"""


def packed(**members: str | bytes) -> bytes:
    """An archive; two underscores in a name stand for a slash, one at its end for a point."""
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return data.getvalue()


def workbook(*sheets: list[str]) -> bytes:
    """A workbook of sheets, each a list of XML rows."""
    names = [f"Sheet {n}" for n in range(1, len(sheets) + 1)]
    listed = "".join(f'<sheet name="{n}" sheetId="{i}" r:id="r{i}"/>' for i, n in enumerate(names, 1))
    links = "".join(
        f'<Relationship Id="r{i}" Type="{_OFFICE}/worksheet" Target="worksheets/s{i}.xml"/>'
        for i in range(1, len(sheets) + 1)
    )
    whole = f'<Relationship Id="r0" Type="{_OFFICE}/officeDocument" Target="xl/workbook.xml"/>'
    parts: dict[str, str | bytes] = {
        "[Content_Types].xml": f'<Types xmlns="{_PACKAGE}/content-types"/>',
        "_rels/.rels": f'<Relationships xmlns="{_PACKAGE}/relationships">{whole}</Relationships>',
        "xl/workbook.xml": (
            f'<workbook xmlns="{_SPREADSHEET}" xmlns:r="{_OFFICE}"><sheets>{listed}</sheets></workbook>'
        ),
        "xl/_rels/workbook.xml.rels": (
            f'<Relationships xmlns="{_PACKAGE}/relationships">{links}</Relationships>'
        ),
    }
    for i, rows in enumerate(sheets, 1):
        body = "".join(rows)
        parts[f"xl/worksheets/s{i}.xml"] = (
            f'<worksheet xmlns="{_SPREADSHEET}"><sheetData>{body}</sheetData></worksheet>'
        )
    return packed(**parts)


def row(number: int, *cells: str | float) -> str:
    """A row of a sheet."""
    found = ""
    for letter, cell in zip("ABCDEFGH", cells, strict=False):
        at = f'r="{letter}{number}"'
        found += (
            f'<c {at} t="inlineStr"><is><t>{cell}</t></is></c>'
            if isinstance(cell, str)
            else f"<c {at}><v>{cell}</v></c>"
        )
    return f'<row r="{number}">{found}</row>'


def test_a_sheet_of_a_workbook_is_a_table_with_its_own_lines(write: Write) -> None:
    data = workbook([row(2, "Order no", "Price"), row(3, "X-1", 12.5), row(5, "X-2", 1.125)])
    found, _report = read(write(data, "book.xlsx"))
    assert [(one.line, one.values["number"], str(one.values["price"])) for one in found] == [
        (3, "X-1", "12.5"),
        (5, "X-2", "1.1250"),
    ]


def test_of_several_sheets_one_has_to_be_stated(write: Write) -> None:
    path = write(workbook([row(1, "Order no"), row(2, "A")], [row(1, "Order no"), row(2, "B")]), "b.xlsx")
    with pytest.raises(TableError, match="Sheet 2"):
        opened(path)
    assert column(path, "number", table="Sheet 2") == ["B"]


def test_a_cell_far_away_does_not_fill_the_memory(write: Write) -> None:
    far = '<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'
    with pytest.raises(TableError, match="more cells"):
        open_table(write(workbook([row(1, "Order no"), far]), "b.xlsx"))


def test_a_workbook_that_kills_its_reader_kills_nothing_else(write: Write) -> None:
    # Encoded as no scan expects it, and far away: the reader asks for more memory than there is.
    data = workbook([row(1, "Order no"), '<row r="2"><c r="A&#57;99999999"><v>1</v></c></row>'])
    with pytest.raises(TableError, match="damaged"):
        list(open_table(write(data, "b.xlsx")).rows())


def test_what_only_calls_itself_a_workbook_is_refused(write: Write) -> None:
    with pytest.raises(TableError, match="workbook"):
        open_table(write(packed(**{"[Content_Types].xml": "<x/>"}), "b.xlsx"))


def test_a_whole_number_of_a_sheet_has_no_fraction() -> None:
    assert [text_of(value) for value in (17850.0, True, 0.1 + 0.2)] == [
        "17850",
        "true",
        "0.30000000000000004",
    ]


def test_a_feed_is_a_table_of_its_items(write: Write) -> None:
    table = open_table(write(RSS, "feed.xml"))
    assert table.columns == ("title", "image", "shipping country")
    assert [found.cells for found in table.rows()] == [["Lamp", "a\nb", "DE"], ["Cup & saucer", "", ""]]


def test_attributes_are_columns_too(write: Write) -> None:
    table = open_table(write('<all>\n<p sku="1" name="A"/>\n<p sku="2" name="B"/>\n</all>', "p.xml"))
    assert [(found.line, found.cells) for found in table.rows()] == [(2, ["1", "A"]), (3, ["2", "B"])]


def test_a_feed_with_one_item_is_a_table(write: Write) -> None:
    feed = "<rss><channel><title>S</title><item><id>1</id></item></channel></rss>"
    assert [found.cells for found in open_table(write(feed, "f.xml")).rows()] == [["1"]]


@pytest.mark.parametrize(
    "begin",
    [
        '<!DOCTYPE a [<!ENTITY b "c">]>',
        '<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/hostname">]>',
        '<!DOCTYPE a [<!ENTITY % b SYSTEM "http://x.example/">]>',
    ],
)
def test_xml_that_declares_entities_is_refused(write: Write, begin: str) -> None:
    with pytest.raises(TableError, match="entities"):
        open_table(write(f"{begin}<a><p><t>&b;</t></p><p><t>1</t></p></a>", "a.xml"))


def test_xml_that_breaks_off_is_refused_with_its_line(write: Write) -> None:
    with pytest.raises(TableError) as caught:
        open_table(write("<a>\n<p><t>1</t></p>\n<p><t>2</t>", "a.xml"))
    assert caught.value.line == 3


def test_elements_without_end_within_each_other_are_refused(write: Write) -> None:
    with pytest.raises(TableError, match="deeply"):
        open_table(write("<a>" * 5_000, "a.xml"))


def test_the_one_table_of_an_archive_is_read_wherever_it_says_to_lie(write: Write) -> None:
    data = packed(**{"../../up.csv": "Order no\nX-1\n", "__MACOSX/._up.csv": "?"})
    assert column(write(data, "all.zip"), "number") == ["X-1"]


def test_of_several_tables_in_an_archive_one_has_to_be_stated(write: Write) -> None:
    path = write(packed(**{"in/a.csv": "Order no\nA\n", "in/b.csv": "Order no\nB\n"}), "all.zip")
    with pytest.raises(TableError, match=r"a\.csv, b\.csv"):
        opened(path)
    assert column(path, "number", table="b.csv") == ["B"]


def test_an_archive_that_unpacks_to_far_too_much_is_refused(write: Write) -> None:
    data = packed(**{"a.csv": b"Order no\n" + (b"1" * 500 + b"\n") * 80_000})
    with pytest.raises(TableError, match="unpacks"):
        opened(write(data, "all.zip"))


def test_columns_of_fixed_width_are_told_by_their_places(write: Write) -> None:
    lines = "Order_no  Quantity  Price\nX-1              2  11.50\nX-22            10   3.25\n"
    assert [list(found.cells) for found in open_table(write(lines, "t.txt")).rows()] == [
        ["X-1", "2", "11.50"],
        ["X-22", "10", "3.25"],
    ]


def test_a_table_without_header_has_numbered_columns_where_that_is_stated(write: Write) -> None:
    path = write("X-1,2\nX-2,3\n")
    mapping = Mapping(columns={"number": "1", "pieces": "2"}, header=0)
    assert column(path, "pieces", mapping=mapping) == [2, 3]


def test_a_header_below_other_lines_is_found_where_its_line_is_stated(write: Write) -> None:
    path = write("Report of May\n\nOrder no,Quantity\nX-1,2\n")
    assert column(path, "pieces", header=3) == [2]


def test_the_header_of_a_marketplace_stands_in_its_third_line(write: Write) -> None:
    path = write("TemplateType=x\tVersion=1\nNumber\tPieces\nOrder no\tQuantity\nX-1\t2\n", "t.txt")
    assert column(path, "pieces") == [2]


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        ("Müller,Straße,Café à la crème,12 €", "cp1252"),
        ("Grüße,Käse,Löffel,für", "cp850"),
        ("Zażółć gęślą jaźń,Łódź", "cp1250"),
        ("Привет,мир,товары", "cp1251"),
        ("Grüße,Käse,Löffel,für", "mac-roman"),
        ("Quantità,Perché,Città,più", "cp1252"),
        ("Árvíztűrő tükörfúrógép,Cikkszám,Név", "cp1250"),
        ("Ürün adı,şeker,çığ,İstanbul", "cp1254"),
    ],
)
def test_an_encoding_is_supposed_from_the_letters(text: str, encoding: str) -> None:
    assert guess_encoding(text.encode(encoding)) == encoding


def test_what_is_supposed_is_shown_and_not_taken(write: Write) -> None:
    path = write("Order no,Title\nX-1,Häberlin\n", encoding="cp1252")
    seen = understand(path, TARGET, Mapping())
    assert seen.guessed == {"encoding": "cp1252"} and not seen.complete
    assert seen.rows[0][1] == "Häberlin"
    with pytest.raises(TableError, match="looks like cp1252"):
        opened(path)


def test_a_delimiter_that_the_header_leaves_open_is_supposed_to_be_seen(write: Write) -> None:
    path = write("Order no;Quantity, pieces\nX-1;2;3\n")
    seen = understand(path, TARGET, Mapping())
    assert seen.guessed == {"delimiter": ";"} and not seen.complete


def test_utf_16_without_a_mark_is_proved_by_its_zeros(write: Write) -> None:
    assert column(write("Order no,Title\nX-1,Tür\n", encoding="utf-16-le"), "title") == ["Tür"]


def test_rows_with_bytes_that_are_no_text_are_rejected_where_the_encoding_is_stated(write: Write) -> None:
    path = write("Order no,Title\nX-1,Tür\n".encode() + b"X-2,T\xc3r\n")
    found, report = read(path, encoding="utf-8")
    assert [one.values["number"] for one in found] == ["X-1"]
    assert [(one.line, one.code) for one in report.first] == [(3, "not_text")]


@pytest.mark.parametrize(
    ("text", "value"),
    [("12,-", 12), ("12.--", 12), ("12,–", 12), ("-12,5", -12.5), ("15 000 Fcfa", 15000), (".75", 0.75)],
)
def test_prices_are_read_as_people_write_them(text: str, value: float) -> None:
    number = read_number(text)
    assert value in (number.point, number.comma)


@pytest.mark.parametrize(
    ("mark", "currency"), [("Fcfa", "XOF"), ("TL", "TRY"), ("lei", "RON"), ("Kč", "CZK"), ("EUR", "EUR")]
)
def test_a_mark_of_the_country_stands_for_its_currency(mark: str, currency: str) -> None:
    assert converter("money", ".", currency)(f"15 {mark}") == 15


@pytest.mark.parametrize(
    ("text", "unit", "grams"), [("1.5", "kg", 1500), ("250 g", "kg", 250), ("2 lb", "g", 907.18474)]
)
def test_weights_are_in_grams(text: str, unit: str, grams: float) -> None:
    assert float(converter("weight", ".", None, unit)(text)) == grams


def test_one_column_of_amounts_settles_what_another_leaves_open(write: Write) -> None:
    path = write("Order no,Price,Discount\nX-1,1.250,0.5\n")
    assert [float(value) for value in column(path, "price")] == [1.25]  # type: ignore[arg-type]


def test_a_column_is_found_beside_its_currency_and_its_language(write: Write) -> None:
    found, _report = read(write("Order no*,Price (EUR),title_de\nX-1,2.50,Tür\n"))
    assert found[0].values["title"] == "Tür" and str(found[0].values["price"]) == "2.50"


def test_a_file_of_carriage_returns_alone_has_lines(write: Write, tmp_path: Path) -> None:
    path = tmp_path / "mac.csv"
    path.write_bytes("Order no,Title\rX-1,Tür\r".encode("mac-roman"))
    assert column(path, "title", encoding="mac-roman") == ["Tür"]


def test_day_and_month_stay_undecided_where_both_could_be_meant() -> None:
    assert sorted(readings("01-02-2020")) == ["DMY", "MDY"]


def test_a_text_in_very_many_cells_of_a_row_is_not_taken(write: Write) -> None:
    text = f't="inlineStr"><is><t>{"x" * 33_000}</t></is></c>'
    far = "".join(f'<c r="{a}{b}2" {text}' for a in "AB" for b in "ABCDEFGHIJKLMNOPQRSTUVWXYZ")
    sheet = [row(1, "Order no"), f'<row r="2">{far}</row>', row(3, "X-2")]
    found, report = read(write(workbook(sheet), "b.xlsx"))
    assert [one.values["number"] for one in found] == ["X-2"]
    assert [(one.line, one.code) for one in report.first] == [(2, "too_long")]


def test_a_name_that_a_foreign_grammar_would_explain_is_not_left_out(write: Write) -> None:
    feed = '<!DOCTYPE a SYSTEM "http://x.example/a.dtd"><a><p><t>1&nbsp;kg</t></p><p><t>2</t></p></a>'
    with pytest.raises(TableError, match="no XML"):
        open_table(write(feed, "a.xml"))


def test_what_is_wrong_with_xml_is_said_in_the_language_of_the_moment(write: Write, app: Flask) -> None:
    with app.test_request_context(), speaking("de"), pytest.raises(TableError, match="ein anderes Element"):
        open_table(write("<a><p>1</t></p></a>", "a.xml"))


def test_a_look_reads_the_beginning_alone(write: Write) -> None:
    path = write("<a>" + "<p><t>1</t></p>" * 80_000 + "<broken", "a.xml")
    assert open_table(path, whole=False).columns == ("t",)
    with pytest.raises(TableError, match="no XML"):
        open_table(path)


def test_columns_of_bytes_that_are_no_text_have_names_that_can_be_shown(write: Write) -> None:
    path = write(b"Order no,K\xe4se\nX-1,1\n")
    assert open_table(path, encoding="utf-8").columns == ("Order no", "K\ufffdse")


def test_an_archive_that_is_packed_by_other_means_is_refused(write: Write) -> None:
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", zipfile.ZIP_LZMA) as archive:
        archive.writestr("a.csv", "Order no\nX-1\n")
    with pytest.raises(TableError, match="packed in a way"):
        opened(write(data.getvalue(), "all.zip"))


@pytest.mark.parametrize("parts", [1, 3])
def test_a_gzip_file_of_several_parts_is_one_table(write: Write, parts: int) -> None:
    packed_parts = b"".join(gzip.compress(b"X-%d,1\n" % n) for n in range(parts))
    path = write(gzip.compress(b"Order no,Price\n") + packed_parts, "t.csv.gz")
    assert column(path, "number") == [f"X-{n}" for n in range(parts)]
