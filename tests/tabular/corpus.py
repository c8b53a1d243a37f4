"""Files that mean harm, break rules, or are none, made on the spot: the same bytes each time.

    CORPUS["a gzip bomb"].content()

Each is made for the destination that it speaks of most: products, stock, orders or customers.
"""

import codecs
import gzip
import io
import random
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

#: Headers as Shopify writes them, which every destination of goods knows, and those of orders and customers.
SHOP = (
    *("Handle", "Title", "Body (HTML)", "Vendor", "Type", "Tags", "Published", "Option1 Name"),
    *("Option1 Value", "Variant SKU", "Variant Grams", "Variant Price", "Variant Compare At Price"),
    *("Variant Barcode", "Image Src", "Image Alt Text", "Status"),
)
GOODS = ("SKU", "Title", "Price")
STOCK = ("SKU", "Title", "Location", "On hand")
ORDERS = ("Order no", "Date", "SKU", "Quantity", "Unit price", "Customer no")
PEOPLE = ("Customer no", "Name", "Email", "Country")
#: Rows that nothing is wrong with, for what is wrong elsewhere.
FINE = b"SKU,Title,Price\nG-1,Lamp,1.50\nG-2,Cup,2.50\n"
MEGABYTE = 1 << 20
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_LINKS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"


@dataclass(frozen=True, slots=True)
class Hostile:
    """A file: what it is called, how its bytes are made, and what it speaks of.

    `says` is a part of the sentence that refuses the whole file; without one its rows are told apart, unless
    `either` may be. `stated` is a mapping that goes with it; `rows` how many rows it has where that is what
    takes time.
    """

    name: str
    make: Callable[[], bytes]
    of: str = "products"
    says: str = ""
    either: bool = False
    stated: dict[str, Any] = field(default_factory=dict)
    rows: int = 0

    def content(self) -> bytes:
        """Its bytes."""
        return self.make()


CORPUS: dict[str, Hostile] = {}


def _add(what: str, make: Callable[[], bytes] | bytes, name: str = "table.csv", **known: Any) -> None:
    made = make if callable(make) else lambda: make
    assert what not in CORPUS
    CORPUS[what] = Hostile(name, made, **known)


# -- ways to write --------------------------------------------------------------------------------


def table(header: Sequence[str], rows: Iterable[Sequence[Any]], encoding: str = "utf-8") -> bytes:
    """A CSV file, every cell in quotes."""
    lines = [",".join('"' + str(cell).replace('"', '""') + '"' for cell in row) for row in (header, *rows)]
    return "\n".join([*lines, ""]).encode(encoding, "surrogatepass")


def goods(rows: Iterable[dict[str, Any]]) -> bytes:
    """Products by the names of Shopify's columns; what isn't said is filled in."""
    made = []
    for number, row in enumerate(rows, 1):
        usual = {"Handle": f"h-{number}", "Title": f"Thing {number}", "Variant Price": "1.50"}
        usual |= {"Variant SKU": f"S-{number}", "Option1 Name": "Title", "Option1 Value": "Default Title"}
        made.append([{**usual, **row}.get(name, "") for name in SHOP])
    return table(SHOP, made)


def each(column: str, values: Iterable[str], header: Sequence[str] = GOODS) -> bytes:
    """A table in which one column says these values, and the others what does no harm."""
    usual = {
        **{"SKU": "S-{}", "Title": "Thing {}", "Price": "1.50", "Location": "", "On hand": "1"},
        **{"Order no": "O-{}", "Date": "2024-02-03", "Quantity": "1", "Unit price": "1.50"},
        **{"Customer no": "C-{}", "Name": "Ida {}", "Email": "c{}@x.example", "Country": "LU"},
    }
    rows = [
        [value if name == column else usual[name].format(number) for name in header]
        for number, value in enumerate(values, 1)
    ]
    return table(header, rows)


def packed(members: dict[str, bytes], how: int = zipfile.ZIP_DEFLATED) -> bytes:
    """A zip archive, its moments the same each time."""
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", how) as archive:
        for name, content in members.items():
            entry = zipfile.ZipInfo(name)
            entry.compress_type = how
            archive.writestr(entry, content)
    return data.getvalue()


def squeezed(content: bytes) -> bytes:
    """A gzip file."""
    return gzip.compress(content, mtime=0)


def endless(begin: bytes, part: bytes, megabytes: int) -> bytes:
    """A gzip file that unpacks to very much, without anybody having had it in memory."""
    packer = zlib.compressobj(9, zlib.DEFLATED, 31)
    many = part * (MEGABYTE // len(part))
    return b"".join(
        [packer.compress(begin), *(packer.compress(many) for _ in range(megabytes)), packer.flush()]
    )


def dense(begin: bytes, part: Callable[[int], bytes], megabytes: int) -> bytes:
    """A gzip file that packs to a fiftieth or so: large, and nothing to be suspicious of at first."""
    made = [part(number) for number in range(200)]
    rng = random.Random(1)
    text = io.BytesIO(begin)
    text.seek(0, 2)
    while text.tell() < megabytes * MEGABYTE:
        text.write(rng.choice(made))
    return gzip.compress(text.getvalue(), 6, mtime=0)


def noise(size: int) -> bytes:
    """Bytes without any sense."""
    return random.Random(7).randbytes(size)


def workbook(*sheets: str, extra: dict[str, bytes] | None = None, names: Sequence[str] = ()) -> bytes:
    """A workbook whose sheets are given as XML of their rows."""
    return packed(workbook_parts(*sheets, names=names) | (extra or {}))


def workbook_parts(*sheets: str, names: Sequence[str] = ()) -> dict[str, bytes]:
    """The files in it."""
    called = [*names, *(f"Sheet {n}" for n in range(len(names) + 1, len(sheets) + 1))]
    listed = "".join(f'<sheet name="{n}" sheetId="{i}" r:id="r{i}"/>' for i, n in enumerate(called, 1))
    links = "".join(
        f'<Relationship Id="r{i}" Type="{_LINKS}/worksheet" Target="worksheets/sheet{i}.xml"/>'
        for i in range(1, len(sheets) + 1)
    )
    links += f'<Relationship Id="s" Type="{_LINKS}/sharedStrings" Target="sharedStrings.xml"/>'
    whole = f'<Relationship Id="r0" Type="{_LINKS}/officeDocument" Target="xl/workbook.xml"/>'
    parts = {
        "[Content_Types].xml": f'<Types xmlns="{_PACKAGE}/content-types"/>',
        "_rels/.rels": f'<Relationships xmlns="{_PACKAGE}/relationships">{whole}</Relationships>',
        "xl/workbook.xml": (
            f'<workbook xmlns="{_MAIN}" xmlns:r="{_LINKS}"><sheets>{listed}</sheets></workbook>'
        ),
        "xl/_rels/workbook.xml.rels": (
            f'<Relationships xmlns="{_PACKAGE}/relationships">{links}</Relationships>'
        ),
    }
    for i, rows in enumerate(sheets, 1):
        body = rows if "<sheetData" in rows else f"<sheetData>{rows}</sheetData>"
        parts[f"xl/worksheets/sheet{i}.xml"] = f'<worksheet xmlns="{_MAIN}">{body}</worksheet>'
    return {name: text.encode() for name, text in parts.items()}


def row(number: int, *cells: str) -> str:
    """A row of a sheet, all of its cells texts."""
    texts = "".join(
        f'<c r="{chr(65 + at)}{number}" t="inlineStr"><is><t>{cell}</t></is></c>'
        for at, cell in enumerate(cells)
    )
    return f'<row r="{number}">{texts}</row>'


HEAD = row(1, *GOODS)
ONE = '<c r="{at}"><v>1</v></c>'


def values(*cells: str) -> str:
    """Rows of a sheet whose third cell is given as XML, with `{at}` for where it stands."""
    rows = ""
    for number, cell in enumerate(cells, 2):
        first = row(number, f"S-{number}", f"Thing {number}").removesuffix("</row>")
        rows += first + cell.replace("{at}", f"C{number}") + "</row>"
    return rows


def ods(rows: str) -> bytes:
    """An OpenDocument sheet of rows."""
    office, of_tables, text = (
        f"urn:oasis:names:tc:opendocument:xmlns:{name}:1.0" for name in ("office", "table", "text")
    )
    content = (
        f'<office:document-content xmlns:office="{office}" xmlns:table="{of_tables}" xmlns:text="{text}">'
        f'<office:body><office:spreadsheet><table:table table:name="One">{rows}</table:table>'
        "</office:spreadsheet></office:body></office:document-content>"
    )
    kind = b"application/vnd.oasis.opendocument.spreadsheet"
    manifest = b'<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"/>'
    return packed({"mimetype": kind, "content.xml": content.encode(), "META-INF/manifest.xml": manifest})


def _ods_row(*cells: str, times: int = 1) -> str:
    texts = "".join(
        f'<table:table-cell office:value-type="string"><text:p>{cell}</text:p></table:table-cell>'
        for cell in cells
    )
    return f'<table:table-row table:number-rows-repeated="{times}">{texts}</table:table-row>'


def feed(*items: str, begin: str = "") -> bytes:
    """A product feed."""
    whole = "".join(f"<item>{item}</item>" for item in items)
    opening = f'<?xml version="1.0"?>{begin}<rss xmlns:g="http://base.google.com/ns/1.0" version="2.0">'
    return f"{opening}<channel><title>Shop</title>{whole}</channel></rss>".encode()


ITEM = "<g:id>G-1</g:id><title>Lamp</title><g:price>1.50 EUR</g:price>"


def lied_about(content: bytes, name: str, size: int) -> bytes:
    """An archive in which one file says that it unpacks to another size."""
    data = bytearray(content)
    for mark, at, offset in ((b"PK\x03\x04", 30, 22), (b"PK\x01\x02", 46, 24)):
        begin = data.find(mark)
        while begin >= 0:
            if data[begin + at : begin + at + len(name)] == name.encode():
                data[begin + offset : begin + offset + 4] = struct.pack("<I", size)
            begin = data.find(mark, begin + 4)
    return bytes(data)


def flagged(content: bytes, flag: int, method: int | None = None) -> bytes:
    """An archive whose files are all marked, as encrypted for instance, or as packed by another method."""
    data = bytearray(content)
    for mark, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        begin = data.find(mark)
        while begin >= 0:
            data[begin + offset] |= flag
            if method is not None:
                data[begin + offset + 2 : begin + offset + 4] = struct.pack("<H", method)
            begin = data.find(mark, begin + 4)
    return bytes(data)


# -- text -----------------------------------------------------------------------------------------

_add("nothing", b"", says="empty")
_add("blank lines", b"\n\n  \n\r\n" * 50, says="empty")
_add("a byte order mark alone", codecs.BOM_UTF8, says="empty")
_add("a header alone", b"SKU,Title,Price\n")
_add("one cell", b"x", either=True)
_add("one row with one cell", b"Title\nLamp\n")
_add("a NUL in a cell", b"SKU,Title,Price\nA\0B,Lamp,1\n", says="NUL")
_add("a NUL far below", lambda: FINE + b"G-3,Mug,1.00\n" * 60_000 + b"G-4,\0,1\n", says="NUL")
_add("NULs alone", bytes(MEGABYTE), says="NUL")
_add("noise", noise(MEGABYTE), says="utf-8")
_add("UTF-16 without a mark", FINE.decode().encode("utf-16-le"))
_add(
    "UTF-16 that ends within a letter",
    codecs.BOM_UTF16_BE + FINE.decode().encode("utf-16-be") + b"\0",
    says="utf-16",
)
_add(
    "UTF-16 with half a pair",
    codecs.BOM_UTF16_LE + FINE.decode().encode("utf-16-le") + b"\0\xd8\n\0",
    says="utf-16",
)
_add(
    "half a pair where UTF-16 is stated",
    (FINE.decode() + "G-3,\ud800,1\n").encode("utf-16-le", "surrogatepass"),
    stated={"encoding": "utf-16"},
    either=True,
)
_add("UTF-32", FINE.decode().encode("utf-32"))
_add("UTF-32 without a mark", FINE.decode().encode("utf-32-le"), says="NUL")
_add("UTF-7", b"SKU,Title,Price\nG-1,+ADw-script+AD4-,1.50\n")
_add("overlong UTF-8", FINE + b"G-3,\xc0\xaf\xe0\x80\xaf,1\n", says="0xC0")
_add("surrogates as UTF-8", FINE + b"G-3,\xed\xa0\x80,1\n", says="0xED")
_add("surrogates where UTF-8 is stated", FINE + b"G-3,\xed\xa0\x80,1\n", stated={"encoding": "utf-8"})
_add(
    "bytes that are no text in the header",
    b"SKU,Title,Price,K\xe4se\nG-1,Lamp,1.50,x\n",
    stated={"encoding": "utf-8"},
    either=True,
)
_add(
    "bytes that are no text, a megabyte of them",
    FINE + b"G-3," + b"\xff\xfe\xfd" * 300_000 + b",1\n",
    says="0xFF",
)
_add("half a letter at the end", FINE + b"G-3,Mug \xe2\x82", says="the end of the file")
_add("marks within", FINE.replace(b"Lamp", codecs.BOM_UTF8 + b"Lamp").replace(b"\nG-2", b"\n\xef\xbb\xbfG-2"))
_add("two marks", codecs.BOM_UTF8 * 2 + FINE)
_add("carriage returns alone", FINE.replace(b"\n", b"\r"))
_add("line ends of all kinds", b"SKU,Title,Price\r\nG-1,Lamp,1.50\rG-2,Cup,2.50\n\rG-3,Mug,3.50\n")
_add(
    "controls and odd separators in cells",
    each("Title", ["a\x0bb", "a\x0cb", "a\x1cb", "a\x85b", "a\u2028b", "\x1b[31mred", "a\x07", "\x7f"]),
)
_add("an open quote", b'SKU,Title,Price\nG-1,Lamp,1.50\nG-2,"Cup,2.50\nG-3,Mug,3.50\n', says="not closed")
_add(
    "an open quote over megabytes",
    lambda: b'SKU,Title,Price\nG-1,"Lamp,1.50\n' + b"G-2,Cup,2.50\n" * 800_000,
    says="not closed",
)
_add("quotes without end", lambda: b"SKU,Title,Price\n" + b'"' * (MEGABYTE - 1), either=True)
_add("quotes within words", b'SKU,Title,Price\nG-1,La"mp,1.50\nG-2,"Cup"s,2.50\nG-3,""Mug"",3.50\n')
_add(
    "a hundred thousand columns",
    lambda: b",".join(b"c%d" % n for n in range(100_000)) + b"\n1\n",
    says="2,000",
)
_add(
    "a hundred thousand columns without a header",
    lambda: b",".join(b"%d" % n for n in range(100_000)) + b"\n",
    stated={"header": 0},
    says="2,000",
)
_add("a row of a million cells", lambda: FINE + b"," * (MEGABYTE - 2) + b"\n" + b"G-3,Mug,1.00\n")
_add(
    "rows of a million cells, and no telling what parts them",
    lambda: b"SKU;Title,Price\n" + (b"," * (MEGABYTE - 2) + b"\n") * 25,
    either=True,
)
_add("a line of two megabytes", lambda: FINE + b"x" * (2 * MEGABYTE) + b"\n", says="million")
_add("a cell of fifty megabytes", lambda: endless(FINE + b'G-3,"', b"x", 50), says="million")
_add(
    "a cell of fifty megabytes in lines",
    lambda: endless(FINE + b'G-3,"', b"text text text\n", 50),
    says="not closed",
)
_add("a cell of half a megabyte", lambda: FINE + b"G-3," + b"x" * (MEGABYTE // 2) + b",1\nG-4,Mug,1\n")
_add("rows of other widths", FINE + b"G-3\nG-4,Mug,1,2,3,4\nG-5,Jug,1,,,\n,,\n" * 300)
_add("the header again and again", FINE + b"SKU,Title,Price\n" * 20 + b"G-3,Mug,1.00\n")
_add("names of columns that are empty", b",,\nG-1,Lamp,1.50\n", either=True)
_add("names of columns that are all the same", b"Title,Title,Title,SKU,SKU\nA,B,C,D,E\n", says="times")
_add(
    "a name of a column of a million underscores",
    lambda: b"SKU,Title,Price_" + b"_" * 900_000 + b"x\nG-1,Lamp,1,\n",
    either=True,
)
_add(
    "names of columns of open brackets",
    lambda: b"SKU,Title,Price," + b"(" * 30_000 + b"\nG-1,Lamp,1.50,x\n",
    either=True,
)
_add(
    "two thousand columns that are like others",
    lambda: (
        b",".join([b"SKU,Title,Price", *(b"Pr1ce of variaton %d" % n for n in range(1_990))])
        + b"\nG-1,Lamp,1.50"
        + b",1" * 1_990
        + b"\n"
    ),
)
_add(
    "ten megabytes of words and no delimiter",
    lambda: b"word and word " * 60 + b"\n" + (b"word and more " * 60 + b"\n") * 12_000,
    either=True,
)
_add("a header that leaves the delimiter open", b"SKU;Title,Price\nG-1;Lamp,1\nG-2;Cup,2\n", says="delimiter")
_add("a hint for spreadsheets alone", b"sep=;\n", says="empty")
_add("a template of a marketplace without rows", b"TemplateType=x\tVersion=1\n", says="empty")
_add(
    "a web page",
    b"<!DOCTYPE html><html><head><title>Log in</title></head><body><p>Please log in, now</body></html>",
    either=True,
)
_add(
    "JSON",
    b'[{"sku": "G-1", "title": "Lamp", "price": 1.5},\n{"sku": "G-2", "title": "Cup", "price": 2}]\n',
    either=True,
)
_add("lines of JSON", b'{"sku": "G-1", "title": "Lamp"}\n{"sku": "G-2", "title": "Cup"}\n', either=True)
_add("a script", b"#!/bin/sh\nrm -rf / ; echo 'done, all of it'\n", "products.csv", either=True)
_add(
    "a hostile name of the file",
    FINE,
    "../../etc/\u202egnp.\0evil%0D%0AX-Forged: 1 <script>" + "n" * 3_000 + ".csv",
)

# -- what cells say -------------------------------------------------------------------------------

NUMBERS = (
    *(
        "1e309",
        "-1e309",
        "1E+999",
        "1e-999",
        "1e-20",
        "NaN",
        "nan",
        "Infinity",
        "-inf",
        "-0",
        "0x10",
        "1_000",
    ),
    *(
        "9" * 400,
        "0." + "9" * 400,
        "1" + "0" * 60,
        "١٢٫٥",
        "१२",
        "½",
        "²",
        "1,5",
        "1.5.5",
        "--1",
        "+-1",
        "(1)",
    ),
    *(
        "1e",
        "e1",
        ".",
        ",",
        "-",
        "%",
        "5%",
        "€ 5",
        "5 $",
        "USD 5",
        "¥5",
        "1'000",
        "1 000",
        "9223372036854775807",
    ),
    *(
        "9223372036854775808",
        "-9223372036854775809",
        "9999999999999",
        "10000000000",
        "99999999999.99",
        "0.005",
    ),
)
DATES = (
    *("0000-00-00", "0000-01-01", "0001-01-01", "9999-12-31", "10000-01-01", "-0001-01-01", "2026-02-31"),
    *("1900-02-29", "2026-13-01", "2026-02-29T24:00:00", "2026-01-01T25:61:61Z", "2026-01-01T00:00:00+99:99"),
    *("2199-12-31T23:59:59-23:59", "1900-01-01T00:00:00+23:59", "31/02/2026", "1.1.1", "١٢-٠٣-٢٠٢٤", "45000"),
    *("60", "-1", "today", "2026-W05-1", "Feb 31 2026", "2024-02-03 12:00 pm", "1e5", "9" * 60),
)
FORMULAS = (
    *(
        "=1+1",
        '=HYPERLINK("http://evil.example","x")',
        "+cmd|' /C calc'!A0",
        "-2+3+cmd|' /C calc'!A0",
        "@SUM(1)",
    ),
    *(
        '=DDE("cmd";"/C calc";"x")',
        "\t=1+1",
        "\r=1+1",
        "＝1+1",
        '=IMPORTXML(CONCAT("http://evil"),"//a")',
        "|calc",
    ),
)
HTML = (
    "<script>zxAlert(1)</script>",
    "<img src=x onerror=zxAlert(1)>",
    "<svg onload=zxAlert(1)>",
    "<svg><script>zxAlert(1)",
    "<iframe src=javascript:zxAlert(1)>",
    "<a href='javascript:zxAlert(1)'>x</a>",
    "<a href=' java\tscript:zxAlert(1)'>x</a>",
    "<style>@import 'http://evil.example/zxAlert'</style>x",
    "<p style='background:url(javascript:zxAlert(1))'>x</p>",
    "<object data='data:text/html,<script>zxAlert(1)</script>'>",
    "<embed src=javascript:zxAlert(1)>",
    '<math><mtext><table><mglyph><style><!--</style><img title="--&gt;&lt;img src=1 onerror=zxAlert(1)&gt;">',
    '<noscript><p title="</noscript><img src=x onerror=zxAlert(1)>">',
    "<form action=javascript:zxAlert(1)><button>x",
    '<svg></p><style><a id="</style><img src=1 onerror=zxAlert(1)>">',
    "<base href=//evil.example/zxAlert>x",
    "<meta http-equiv=refresh content='0;url=javascript:zxAlert(1)'>",
    "<body onload=zxAlert(1)>",
    "<!--[if IE]><script>",
    "&lt;script&gt;zxAlert(1)&lt;/script&gt;",
    "&#60;img src=x onerror=zxAlert(1)&#62;",
    "<scr<script>ipt>zxAlert(1)</script>",
    "[x](javascript:zxAlert(1))",
    "![x](javascript:zxAlert(1))",
    "<javascript:zxAlert(1)>",
    "[x]: javascript:zxAlert(1)",
    "[a](data:text/html;base64,PHNjcmlwdD4=)",
    "</textarea></title></script><script>zxAlert(1)</script>",
    "<x" * 500,
)
ADDRESSES = (
    "file:///etc/passwd",
    "http://169.254.169.254/latest/meta-data/",
    "http://127.0.0.1:5432/",
    "http://[::1]/x.jpg",
    "ftp://x.example/a.jpg",
    "gopher://x.example/",
    "javascript:alert(1)",
    "data:image/svg+xml,<svg onload=alert(1)>",
    "//evil.example/a.jpg",
    "http://",
    "http:///a.jpg",
    "https://[::1",
    "http://user:password@x.example/a.jpg",
    "http://x.example/" + "a" * 30_000,
    "C:\\a.jpg",
    "\\\\evil\\share\\a.jpg",
    "http://x.example/\u202egpj.exe",
    "http://x.example/a b.jpg",
    "HTTP://X.EXAMPLE/A.JPG",
    "http://xn--.example/",
    "http://x.example:99999999/a.jpg",
)
INVISIBLE = (
    "\u202eABC\u202c",
    "A\u200bB",
    "A\u200cB",
    "\u2066A\u2069",
    "\ufeffA",
    "A\u00adB",
    "\u200f",
    "\u3164",
    "\u2800",
    "A\u0301\u0301",
    "\ue000",
    "\U000e0041",
    "\uffff",
    "\U0010ffff",
    "🏳️‍🌈",
    "ﷺ" * 60,
)
_add("prices that are none", each("Price", NUMBERS), stated={"decimal": "."})
_add("prices that contradict each other", each("Price", ["1.50", "1,50"]), says="both")
_add("prices that can be read in two ways", each("Price", ["1.500"] * 3), says="two ways")
_add(
    "pieces that are none",
    each("On hand", (*NUMBERS, "-5", "1.5", "1e30", "-1e12"), STOCK),
    of="stock",
    stated={"decimal": "."},
)
_add(
    "amounts of orders that are none",
    each("Unit price", NUMBERS, ORDERS),
    of="orders",
    stated={"decimal": "."},
)
_add(
    "quantities that are none",
    each("Quantity", (*NUMBERS, "-3", "1.5"), ORDERS),
    of="orders",
    stated={"decimal": "."},
)
_add(
    "orders beyond every sum",
    table(
        ORDERS,
        [
            ("O-1", "2024-01-01", "S", "9999999999999", "9999999999999", "C"),
            ("O-2", "2024-01-01", "S", "9999999999999", "0.01", "C"),
            ("O-3", "2024-01-01", "S", "-9999999999", "999.99", "C"),
            *(("O-4", "2024-01-01", "S", "9999999999", "900", "C") for _ in range(9)),
        ],
    ),
    of="orders",
)
_add("dates that are none", each("Date", DATES, ORDERS), of="orders", stated={"dates": "YMD"})
_add(
    "dates in several orders",
    each("Date", ("03/04/2024", "31/12/2024", "12/31/2024"), ORDERS),
    of="orders",
    says="contradict",
)
_add(
    "barcodes that are wrong",
    goods(
        {"Variant Barcode": one}
        for one in (
            "4006381333932",
            "0000000000000",
            "9" * 13,
            "1.23457E+12",
            "4006381333931, 4006381333932",
            "٤٠٠٦٣٨١٣٣٣٩٣١",
            "x" * 199,
            "'4006381333931",
        )
    ),
)
_add("formulas", each("Title", FORMULAS, ("Title", "SKU", "Price")))
_add("formulas everywhere", table(GOODS, [[one, one, one] for one in FORMULAS]))
_add("formulas in orders", each("Customer no", FORMULAS, ORDERS), of="orders")
_add("formulas of customers", each("Name", FORMULAS, PEOPLE), of="customers")
_add(
    "HTML with scripts",
    goods({"Body (HTML)": one, "Title": one[:150], "Tags": one, "Vendor": one[:80]} for one in HTML),
)
_add("HTML in orders", each("SKU", [one[:110] for one in HTML], ORDERS), of="orders")
_add("HTML in names of customers", each("Name", HTML, PEOPLE), of="customers")
_add("HTML in places of stock", each("Location", [one[:80] for one in HTML], STOCK), of="stock")
_add(
    "addresses of images that lead elsewhere",
    goods({"Image Src": one, "Image Alt Text": one[:200]} for one in ADDRESSES),
)
_add("an address of a hundred kilobytes", goods([{"Image Src": "http://x.example/" + "a" * 100_000}, {}]))
_add(
    "an address before spaces without end",
    goods({"Image Src": "http://x.example/a" + " " * 30_000 + "b"} for _ in range(20)),
)
_add(
    "ten thousand addresses of images",
    goods([{"Image Src": ", ".join(f"http://x.example/{n}" for n in range(1_400))}] * 8),
)
_add("ids that cannot be seen", each("SKU", INVISIBLE))
_add("ids that cannot be seen, of customers", each("Customer no", INVISIBLE, PEOPLE), of="customers")
_add("ids that cannot be seen, of orders", each("Order no", INVISIBLE, ORDERS), of="orders")
_add(
    "handles that are alike",
    goods(
        {"Handle": one, "Variant SKU": ""}
        for one in (
            "Straße",
            "strasse",
            "STRASSE",
            "stra-sse",
            "ﬁsh",
            "fish",
            "FISH",
            "fi\u200bsh",
            "e\u0301te",
            "été",
            "İi",
            "i̇i",
            "../x",
            "x",
            "a/b",
            "a-b",
            "-",
            "--",
            "?",
        )
    ),
)
_add(
    "titles that are alike",
    table(
        ("Title", "Price"),
        [(one, "1.50") for one in ("Été", "ete", "ETE", "É t é", "e\u0301te\u0301", " ete ")],
    ),
)
_add("numbers of ten thousand characters", each("SKU", ["S" * 10_000, "T" * 120, "U" * 121]))
_add(
    "names of options of ten thousand characters",
    goods({"Option1 Name": "N" * n, "Option1 Value": "V" * n} for n in (80, 81, 10_000)),
)
_add(
    "ten thousand names of options",
    goods({"Handle": "one", "Option1 Name": f"Option {n}", "Option1 Value": f"V{n}"} for n in range(1_500)),
    rows=1_500,
)
_add(
    "a product of very many variants",
    lambda: goods({"Handle": "one", "Option1 Name": "Size", "Option1 Value": f"V{n}"} for n in range(20_000)),
    rows=20_000,
)
_add(
    "letters that grow when they are compared",
    goods(
        {
            "Title": "ﷺ" * 200,
            "Handle": "ﷺ" * n,
            "Variant SKU": "ﷺ" * 120,
            "Tags": "ﷺ" * 60,
            "Type": "ﷺ" * 120,
            "Vendor": "ﷺ" * 120,
            "Variant Barcode": "ﷺ" * 40,
            "Option1 Value": "ﷺ" * 80,
            "Option1 Name": "ﷺ" * 80,
        }
        for n in (1, 200)
    ),
)
_add("letters that grow, in orders", each("Order no", ["ﷺ" * 64, "ﷺ" * 65, "x"], ORDERS), of="orders")
_add("letters that grow, in articles", each("SKU", ["ﷺ" * 120, "ﷺ" * 121, "x"], ORDERS), of="orders")
_add("letters that grow, of customers", each("Name", ["ﷺ" * 200, "ﷺ" * 5_000], PEOPLE), of="customers")
_add("letters that grow, of places", each("Location", ["ﷺ" * 80, "ﷺ" * 81], STOCK), of="stock")
_add(
    "accents on accents",
    goods({"Title": "a" + "\u0301\u0316" * 90, "Tags": "a" + "\u0301\u0316" * 16_000} for _ in range(20)),
)
_add(
    "titles of nothing that is seen", each("Title", [" ", "\u00a0", "\u200b", "\u2003", "\t", "\u200d\u200d"])
)
_add(
    "HTML within HTML without end",
    goods(
        {"Body (HTML)": one * (32_000 // len(one))}
        for one in (
            "<div>",
            "<b>",
            "<ul><li>",
            "<blockquote>",
            "<table><tr><td>",
            "<svg><math>",
            "<a href=x><p>",
            "<",
            "&",
            "</p>",
            "<!--",
        )
    ),
)
_add("HTML of line breaks", goods({"Body (HTML)": "<br>" * 8_000 + "x"} for _ in range(20)))
_add("ten thousand tags", goods([{"Tags": ", ".join(f"t{n}" for n in range(5_000))}] * 4))
_add(
    "a cell as long as may be, and one longer",
    goods([{"Body (HTML)": "x" * 32_768}, {"Body (HTML)": "x" * 32_769}, {}]),
)
_add(
    "customers without names",
    table(PEOPLE, [("", "", "", ""), ("C", "", "a@b", ""), ("C", "x" * 5_000, "@", "x" * 500)]),
    of="customers",
)
_add(
    "addresses that are none",
    each(
        "Email",
        ("a@b", "a b@x.example", "@", "a@" + "b" * 300 + ".example", "a@x\r\n.example", "é@é", "a@\u202e.x"),
        PEOPLE,
    ),
    of="customers",
)
_add("goods that nobody has", each("SKU", ("", "=x", "nobody", "\u202e"), STOCK), of="stock")

# -- XML ------------------------------------------------------------------------------------------

_LAUGHS = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
_add(
    "a billion laughs",
    feed(f"{ITEM}<x>&l9;</x>", begin=f'<!DOCTYPE rss [<!ENTITY l0 "lol">{_LAUGHS}]>'),
    "feed.xml",
    says="entities",
)
_add(
    "one entity a million times",
    lambda: feed(f"{ITEM}<x>{'&a;' * 100_000}</x>", begin=f'<!DOCTYPE rss [<!ENTITY a "{"a" * 100_000}">]>'),
    "feed.xml",
    says="entities",
)
_add(
    "an entity that is a file",
    feed(f"{ITEM}<x>&a;</x>", begin='<!DOCTYPE rss [<!ENTITY a SYSTEM "file:///etc/passwd">]>'),
    "feed.xml",
    says="entities",
)
_add(
    "an entity from the web",
    feed(f"{ITEM}<x>&a;</x>", begin='<!DOCTYPE rss [<!ENTITY a SYSTEM "http://127.0.0.1:9/">]>'),
    "feed.xml",
    says="entities",
)
_add(
    "a parameter entity",
    feed(ITEM, begin='<!DOCTYPE rss [<!ENTITY % a SYSTEM "http://127.0.0.1:9/x.dtd"> %a;]>'),
    "feed.xml",
    says="entities",
)
_add(
    "a grammar from the web",
    feed(ITEM, ITEM, begin='<!DOCTYPE rss SYSTEM "http://127.0.0.1:9/x.dtd">'),
    "feed.xml",
)
_add(
    "a grammar and a word from it",
    feed(f"{ITEM}<x>&nbsp;</x>", begin='<!DOCTYPE rss SYSTEM "http://127.0.0.1:9/x.dtd">'),
    "feed.xml",
    either=True,
)
_add("a word that nothing declares", feed(f"{ITEM}<x>&nbsp;</x>"), "feed.xml", says="no XML")
_add(
    "what includes a file",
    feed(
        f'{ITEM}<i:include xmlns:i="http://www.w3.org/2001/XInclude" href="file:///etc/passwd" parse="text"/>'
    ),
    "feed.xml",
)
_add(
    "a stylesheet",
    b'<?xml version="1.0"?><?xml-stylesheet href="file:///etc/passwd" type="text/xsl"?>' + feed(ITEM)[21:],
    "feed.xml",
)
_add("a million elements within each other", lambda: b"<a>" * 1_000_000, "feed.xml", says="deeply")
_add("a million ends without a beginning", lambda: b"</a>" * 1_000_000, "feed.xml", says="no XML")
_add(
    "an attribute of twenty megabytes",
    lambda: b"<all><p a='" + noise(10 * MEGABYTE).hex().encode() + b"'/><p/></all>",
    "feed.xml",
    says="million",
)
_add(
    "a remark of twenty megabytes",
    lambda: b"<all><p><t>1</t></p><!--" + noise(10 * MEGABYTE).hex().encode() + b"--><p><t>2</t></p></all>",
    "feed.xml",
    says="million",
)
_add(
    "an instruction of twenty megabytes",
    lambda: b"<all><?x " + noise(10 * MEGABYTE).hex().encode() + b"?><p><t>2</t></p></all>",
    "feed.xml",
    says="million",
)
_add(
    "a text of twenty megabytes",
    lambda: (
        b"<all><p><t><![CDATA[" + noise(10 * MEGABYTE).hex().encode() + b"]]></t></p><p><t>1</t></p></all>"
    ),
    "feed.xml",
    says="million",
)
_add(
    "a name of megabytes", lambda: b"<all><" + b"a" * (5 * MEGABYTE) + b"/></all>", "feed.xml", says="million"
)
_add("the same attribute twice", b'<all><p a="1" a="2"/><p/></all>', "feed.xml", says="no XML")
_add(
    "a hundred thousand attributes",
    lambda: b"<all><p " + b" ".join(b'a%d="1"' % n for n in range(100_000)) + b"/><p/></all>",
    "feed.xml",
    says="2,000",
)
_add(
    "elements of as many names as there are elements",
    lambda: b"<all>" + b"".join(b"<e%d><t>1</t></e%d>" % (n, n) for n in range(300_000)) + b"</all>",
    "feed.xml",
    says="2,000",
)
_add(
    "elements at as many places as there are elements",
    lambda: b"<all>" + b"".join(_branch(n) for n in range(12_000)) + b"</all>",
    "feed.xml",
    says="2,000",
)
_add(
    "an item with a million parts",
    lambda: b"<all><item>" + b"<a>1</a>" * 1_000_000 + b"</item><item/></all>",
    "feed.xml",
    says="million",
)
_add(
    "an item with as many names as parts",
    lambda: (
        b"<all><item>" + b"".join(b"<e%d>1</e%d>" % (n, n) for n in range(100_000)) + b"</item><item/></all>"
    ),
    "feed.xml",
    says="2,000",
)
_add("XML that breaks off", feed(ITEM, ITEM)[:-30], "feed.xml", says="no XML")
_add("XML that goes on after its end", feed(ITEM) + b"<more/>", "feed.xml", says="no XML")
_add("XML that crosses its elements", b"<all><p><t>1</p></t></all>", "feed.xml", says="no XML")
_add(
    "XML in an encoding that is none",
    feed(ITEM).replace(b'"1.0"?', b'"1.0" encoding="klingon"?'),
    "feed.xml",
    says="encoding",
)
_add("XML in UTF-7", feed(ITEM).replace(b'"1.0"?', b'"1.0" encoding="utf-7"?'), "feed.xml", either=True)
_add(
    "XML in UTF-16 that says UTF-8",
    feed(ITEM).replace(b'"1.0"?', b'"1.0" encoding="utf-8"?').decode().encode("utf-16"),
    "feed.xml",
    either=True,
)
_add("XML in UTF-32", feed(ITEM).decode().encode("utf-32"), "feed.xml", either=True)
_add("characters that are none", feed("<g:id>&#0;</g:id>"), "feed.xml", says="no XML")
_add("half a pair as a character", feed("<g:id>&#xD800;</g:id>"), "feed.xml", says="no XML")
_add("namespaces that nobody declared", feed(f"{ITEM}<evil:x>1</evil:x>"), "feed.xml", says="no XML")
_add(
    "a drawing",
    b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"><script>alert(1)</script></svg>',
    "a.svg",
    says="no table",
)
_add(
    "a web page as XML",
    b'<?xml version="1.0"?><html xmlns="http://www.w3.org/1999/xhtml"><body><p>x</p></body></html>',
    "a.xml",
    either=True,
)
_add(
    "a feed of Atom with scripts",
    b'<feed xmlns="http://www.w3.org/2005/Atom" xmlns:g="http://base.google.com/ns/1.0"><entry>'
    b'<title type="html">&lt;script&gt;alert(1)&lt;/script&gt;Lamp</title><g:id>G-1</g:id>'
    b"<g:price>1.50 EUR</g:price></entry></feed>",
    "atom.xml",
)
_add("items that say nothing", lambda: feed(*["<g:id/>"] * 2_000), "feed.xml", rows=2_000, either=True)
_add("an XML of nothing", b"<a/>", "a.xml", says="no table")
_add("an XML that is only begun", b"<", "a.xml", says="no XML")
_add(
    "thirty megabytes of XML without a row",
    lambda: endless(b"<all><t>", b"text and text and text ", 30),
    "feed.xml.gz",
    says="unpacks",
)

# -- packed ---------------------------------------------------------------------------------------

_add("a gzip bomb", lambda: endless(FINE, b"G-3,Mug,1.00\n", 400), "table.csv.gz", says="unpacks")
_add("a gzip bomb of one line", lambda: endless(FINE, b"x", 400), "table.csv.gz", says="million")
_add(
    "a gzip bomb of XML",
    lambda: endless(b"<all>", b"<item><t>1</t></item>", 400),
    "feed.xml.gz",
    says="unpacks",
)
_add("a gzip bomb of an attribute", lambda: endless(b"<all><p a='", b"x", 400), "feed.xml.gz", says="million")
_add("gzip within gzip", squeezed(squeezed(FINE)), "table.csv.gz.gz", says="not a text table")
_add("gzip that breaks off", squeezed(FINE * 500)[:-12], says="damaged")
_add("gzip with a wrong sum", squeezed(FINE)[:-8] + b"\0" * 8, says="damaged")
_add("gzip of damaged parts", squeezed(FINE)[:15] + b"\xff" * 40, says="damaged")
_add("half a million empty parts of gzip", lambda: squeezed(b"") * 500_000 + squeezed(FINE), either=True)
_add(
    "gzip with a name of megabytes",
    lambda: b"\x1f\x8b\x08\x08\0\0\0\0\0\x03" + b"n" * (10 * MEGABYTE) + b"\0" + squeezed(FINE)[10:],
    either=True,
)
_add("gzip and rubbish behind it", squeezed(FINE) + b"rubbish", either=True)
_add("a zip bomb", lambda: packed({"a.csv": FINE + b"0" * (200 * MEGABYTE)}), "all.zip", says="million")
_add(
    "a zip bomb of rows",
    lambda: packed({"a.csv": FINE + b"G-3,Mug,1.00\n" * (200 * MEGABYTE // 13)}),
    "all.zip",
    says="unpacks",
)
_add(
    "a zip within a zip",
    packed({"a.zip": packed({"b.zip": packed({"c.csv": FINE})})}),
    "all.zip",
    says="not a text table",
)
_add("names in a zip that lead out", packed({"../../etc/cron.d/x.csv": FINE}), "all.zip")
_add("names in a zip from the root", packed({"/etc/passwd": FINE}), "all.zip")
_add(
    "names in a zip of another system",
    packed({"C:\\Windows\\..\\x\u202evsc.csv": FINE, "\\\\evil\\a.csv": FINE}),
    "all.zip",
    says="several",
)
_add(
    "a zip of a hundred thousand files",
    lambda: packed({f"{n}.csv": b"" for n in range(60_000)}, zipfile.ZIP_STORED),
    "all.zip",
    says="1,000",
)
_add("a zip that is locked", flagged(packed({"a.csv": FINE}), 1), "all.zip", says="locked")
_add(
    "a zip that lies about sizes",
    lied_about(packed({"a.csv": FINE * 50}), "a.csv", 10),
    "all.zip",
    either=True,
)
_add(
    "a zip that claims gigabytes",
    lied_about(packed({"a.csv": FINE}), "a.csv", 0xFFFFFFF0),
    "all.zip",
    either=True,
)
_add(
    "a zip packed by a method that is none",
    flagged(packed({"a.csv": FINE}), 0, 99),
    "all.zip",
    says="packed in a way",
)
_add(
    "a zip packed by bzip2",
    lambda: packed({"a.csv": FINE + b"0" * (100 * MEGABYTE)}, zipfile.ZIP_BZIP2),
    "all.zip",
    either=True,
)
_add("a zip packed by LZMA", lambda: packed({"a.csv": FINE}, zipfile.ZIP_LZMA), "all.zip", either=True)
_add("a zip of damaged LZMA", flagged(packed({"a.csv": FINE}), 0, 14), "all.zip", either=True)
_add("a zip of damaged bzip2", flagged(packed({"a.csv": FINE}), 0, 12), "all.zip", either=True)
_add("a zip without files", b"PK\x05\x06" + bytes(18), "all.zip", either=True)
_add("a zip of folders", packed({"a/": b"", "b/": b""}), "all.zip", says="several")
_add("a zip with a link", lambda: _with_link(), "all.zip", either=True)
_add("a zip whose files lie over each other", lambda: _overlapping(), "all.zip", either=True)
_add("a zip cut in half", packed({"a.csv": FINE * 400})[:90], "all.zip", says="damaged")
_add("a zip with rubbish before it", b"GIF89a" + packed({"a.csv": FINE}), "a.gif", says="not a text table")
_add(
    "a zip of twenty bombs",
    lambda: packed({f"{n}.csv": b"SKU\n" + b"0" * (20 * MEGABYTE) for n in range(10)}),
    "all.zip",
    either=True,
)
_add(
    "names in a zip that are no text",
    packed({"aaaa.csv": FINE}).replace(b"aaaa.csv", b"a\xff\0\n.csv"),
    "all.zip",
    either=True,
)
_add("two files of one name in a zip", lambda: _twice(), "all.zip", either=True)
_add(
    "a PDF",
    b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj<</Type/Catalog>>endobj\n",
    "products.pdf",
    says="not a text table",
)
_add(
    "a PDF that is a zip too",
    b"%PDF-1.7\n" + packed({"a.csv": FINE}),
    "products.pdf",
    says="not a text table",
)
_add(
    "a picture as CSV",
    b"\xff\xd8\xff\xe0\0\x10JFIF\0" + noise(2_000),
    "products.csv",
    says="not a text table",
)
_add("a program", b"\x7fELF\x02\x01\x01" + bytes(9) + noise(4_000), "products.csv", either=True)
_add("a program of Windows", b"MZ\x90\0" + bytes(60) + b"PE\0\0" + noise(4_000), "products.xlsx", either=True)
_add("an archive of tar", lambda: _tar(), "all.tar.gz", either=True)
_add("an archive of xz", b"\xfd7zXZ\0\0\4" + noise(500), "all.xz", either=True)
_add("an archive of bzip2", b"BZh91AY&SY" + noise(500), "all.bz2", either=True)
_add("an archive of 7z", b"7z\xbc\xaf\x27\x1c" + noise(500), "all.7z", says="not a text table")

# -- workbooks ------------------------------------------------------------------------------------

_add("a workbook as CSV", workbook(HEAD + values('<c r="{at}"><v>1.5</v></c>')), "products.csv")
_add(
    "a sheet to the last cell that there is",
    workbook(HEAD + '<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'),
    "a.xlsx",
    says="more cells",
)
_add(
    "a sheet that claims to reach there",
    workbook(f'<dimension ref="A1:XFD1048576"/><sheetData>{HEAD}{values(ONE)}</sheetData>'),
    "a.xlsx",
)
_add(
    "a place that no scan expects",
    workbook(HEAD + '<row r="2"><c r="A&#57;99999999"><v>1</v></c></row>'),
    "a.xlsx",
    says="workbook",
)
_add("a bomb of shared texts", lambda: _shared_bomb(300), "a.xlsx", says="unpacks")
_add(
    "a bomb of shared texts that lies",
    lambda: lied_about(_shared_bomb(300), "xl/sharedStrings.xml", 100),
    "a.xlsx",
    either=True,
)
_add("a bomb of a sheet", lambda: workbook(HEAD + "<row/>" * 20_000_000), "a.xlsx", says="unpacks")
_add(
    "a workbook that is locked",
    b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504) + "EncryptedPackage".encode("utf-16-le") + bytes(2_000),
    "a.xlsx",
    says="workbook",
)
_add("a workbook whose files are locked", flagged(workbook(HEAD), 1), "a.xlsx", either=True)
_add("a workbook packed by a method that is none", flagged(workbook(HEAD), 0, 99), "a.xlsx", either=True)
_add("a workbook that breaks off", workbook(HEAD * 1)[:400], "a.xlsx", says="damaged")
_add("a workbook that is only called one", noise(3_000), "a.xlsx", either=True)
_add(
    "an old workbook that is only called one",
    b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + noise(8_000),
    "a.xls",
    says="workbook",
)
_add(
    "a workbook with macros and links",
    lambda: workbook(
        HEAD + values('<c r="{at}"><f>[1]x!A1</f><v>1.5</v></c>'),
        extra={
            "xl/vbaProject.bin": noise(2_000),
            "xl/externalLinks/externalLink1.xml": b'<externalLink><ddeLink ddeService="cmd"/></externalLink>',
        },
    ),
    "a.xlsm",
)
_add(
    "cells that are one",
    workbook(
        f'<sheetData>{HEAD}{values(ONE)}</sheetData><mergeCells><mergeCell ref="A1:XFD1048576"/></mergeCells>'
    ),
    "a.xlsx",
)
_add(
    "formulas of a workbook",
    workbook(
        HEAD
        + values(
            '<c r="{at}"><f>WEBSERVICE("http://evil.example")</f><v>1</v></c>', '<c r="{at}"><f>1/0</f></c>'
        )
    ),
    "a.xlsx",
)
_add(
    "values of a workbook that are none",
    workbook(
        HEAD
        + values(
            *(
                f'<c r="{{at}}"><v>{one}</v></c>'
                for one in ("1e309", "-1e309", "NaN", "inf", "1e-400", "", "abc", "9" * 400)
            )
        )
    ),
    "a.xlsx",
    either=True,
)
_add(
    "mistakes of a workbook",
    workbook(
        HEAD
        + values(*(f'<c r="{{at}}" t="e"><v>{one}</v></c>' for one in ("#REF!", "#DIV/0!", "#N/A", "#EVIL")))
    ),
    "a.xlsx",
    either=True,
)
_add("days of a workbook that never were", lambda: _days(), "a.xlsx", of="orders", either=True)
_add(
    "a shared text that is not there",
    workbook(HEAD + values('<c r="{at}" t="s"><v>99999999</v></c>')),
    "a.xlsx",
    either=True,
)
_add(
    "names of sheets that mean harm",
    workbook(HEAD, HEAD, names=("../../x", "&lt;script&gt;\u202e")),
    "a.xlsx",
    says="several",
)
_add("a thousand sheets", lambda: workbook(*[HEAD] * 1_000), "a.xlsx", says="several")
_add("a workbook without sheets", workbook(), "a.xlsx", either=True)
_add(
    "rows in any order",
    workbook(values('<c r="{at}"><v>1</v></c>', '<c r="{at}"><v>1</v></c>') + HEAD),
    "a.xlsx",
    either=True,
)
_add(
    "rows of number nothing",
    workbook('<row r="0"><c r="A0"><v>1</v></c></row><row r="-1"><c r="A-1"/></row>'),
    "a.xlsx",
    either=True,
)
_add(
    "entities in a sheet",
    packed(
        workbook_parts(HEAD)
        | {
            "xl/worksheets/sheet1.xml": b'<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><worksheet><sheetData>'
            b'<row r="1"><c r="A1" t="inlineStr"><is><t>&b;</t></is></c></row></sheetData></worksheet>'
        }
    ),
    "a.xlsx",
    either=True,
)
_add("a sheet within itself without end", lambda: workbook(HEAD + "<row>" * 500_000), "a.xlsx", either=True)
_add("a text of megabytes in a sheet", lambda: workbook(HEAD + row(2, "S", "x" * 3_000_000, "1")), "a.xlsx")
_add(
    "one text of a megabyte in ten thousand cells",
    lambda: packed(
        workbook_parts(
            HEAD
            + "".join(
                f'<row r="{n}">'
                + "".join(f'<c r="{chr(65 + c)}{n}" t="s"><v>0</v></c>' for c in range(20))
                + "</row>"
                for n in range(2, 502)
            )
        )
        | {"xl/sharedStrings.xml": f'<sst xmlns="{_MAIN}"><si><t>{"x" * MEGABYTE}</t></si></sst>'.encode()}
    ),
    "a.xlsx",
    either=True,
)
_add(
    "NULs as workbooks write them", workbook(HEAD + row(2, "S_x0000_1", "Th_x0000_ing_xD800_", "1")), "a.xlsx"
)
_add(
    "an OpenDocument sheet without end",
    ods(_ods_row(*GOODS) + _ods_row("S", "Thing", "1", times=1_048_576)),
    "a.ods",
    says="more cells",
)
_add(
    "an OpenDocument row without end",
    ods(
        _ods_row(*GOODS) + '<table:table-row><table:table-cell table:number-columns-repeated="999999999" '
        'office:value-type="string"><text:p>x</text:p></table:table-cell></table:table-row>'
    ),
    "a.ods",
    either=True,
)
_add("an OpenDocument sheet of negative size", ods(_ods_row(*GOODS, times=-5)), "a.ods", either=True)
_add("a workbook within gzip", squeezed(workbook(HEAD)), "a.xlsx.gz", says="not a text table")
_add(
    "a workbook and a table in one archive",
    packed({"a.xlsx": workbook(HEAD), "b.csv": FINE}),
    "all.zip",
    says="not a text table",
)


def _branch(number: int) -> bytes:
    names = f"{number:014b}".translate({ord("0"): "a", ord("1"): "b"})
    return (
        "".join(f"<{name}>" for name in names).encode() + "".join(f"</{n}>" for n in reversed(names)).encode()
    )


def _with_link() -> bytes:
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as archive:
        link = zipfile.ZipInfo("a.csv")
        link.create_system, link.external_attr = 3, 0o120777 << 16
        archive.writestr(link, "/etc/passwd")
    return data.getvalue()


def _overlapping() -> bytes:
    """Entries of the directory that all mean the same bytes."""
    data = packed({"0.csv": FINE})
    begin = data.index(b"PK\x01\x02")
    end = data.index(b"PK\x05\x06")
    entry = data[begin:end]
    entries = b"".join(entry.replace(b"0.csv", f"{n % 10}.csv".encode()) for n in range(500))
    return (
        data[:begin]
        + entries
        + struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, 500, 500, len(entries), begin, 0)
    )


def _twice() -> bytes:
    one = packed({"a.csv": FINE, "b.csv": FINE})
    return one.replace(b"b.csv", b"a.csv")


def _tar() -> bytes:
    import tarfile

    data = io.BytesIO()
    with tarfile.open(fileobj=data, mode="w") as archive:
        entry = tarfile.TarInfo("../../a.csv")
        entry.size = len(FINE)
        archive.addfile(entry, io.BytesIO(FINE))
    return squeezed(data.getvalue())


def _shared_bomb(megabytes: int) -> bytes:
    texts = (
        f'<sst xmlns="{_MAIN}">'.encode() + b"<si><t>a</t></si>" * (megabytes * MEGABYTE // 17) + b"</sst>"
    )
    return packed(
        workbook_parts(HEAD + values('<c r="{at}" t="s"><v>1</v></c>')) | {"xl/sharedStrings.xml": texts}
    )


def _days() -> bytes:
    """Days as workbooks keep them: numbers that a style makes days."""
    rows = row(1, *ORDERS)
    for number, day in enumerate(("0", "60", "-1", "2958465", "2958466", "1e300", "0.5", "45000"), 2):
        cells = row(number, f"O-{number}").removesuffix("</row>")
        rows += f'{cells}<c r="B{number}" s="1"><v>{day}</v></c><c r="D{number}"><v>1</v></c>'
        rows += f'<c r="E{number}"><v>2</v></c></row>'
    styles = (
        f'<styleSheet xmlns="{_MAIN}"><cellXfs><xf numFmtId="0"/><xf numFmtId="14"/></cellXfs></styleSheet>'
    )
    link = f'<Relationship Id="t" Type="{_LINKS}/styles" Target="styles.xml"/></Relationships>'
    parts = workbook_parts(rows)
    links = parts["xl/_rels/workbook.xml.rels"].replace(b"</Relationships>", link.encode())
    return packed(parts | {"xl/styles.xml": styles.encode(), "xl/_rels/workbook.xml.rels": links})
