"""What nobody types: values and shapes of forms that a program must take without harm."""

import random
from collections.abc import Callable

from orion.testing.apps import PASSWORD
from tests.fuzz.markup import ATTRIBUTE, TAG, Field

MARKUP = (
    f"<{TAG}>",
    f"</textarea></title></script><{TAG} x=1>",
    f'" {ATTRIBUTE}=1 x="',
    f"' {ATTRIBUTE}=1 x='",
    f"javascript:{TAG}()",
    f'<a href="javascript:{TAG}()">x</a>',
    f"<img src=x onerror=alert(1)><{TAG}>",
    f"[x](javascript:{TAG}()) <{TAG}>",
    f"{{{{7*7}}}}<{TAG}>",
    f"%(x)s %s {{0}} {{x}} <{TAG}>",
    f"&lt;{TAG}&gt;<{TAG}>",
    f"<svg><style><{TAG}>",
    f"]]><{TAG}>",
)
TEXTS = (
    "", " ", "\0", "a\0b", "\ud800", "a\udfffb", "\u202eevil\u202c", "\u200f\u200e", "\ufeff", "\u2028",
    "\x1b[31m", "a\r\nzx-forged: 1", "\r\nSet-Cookie: zx-forged=1", "é" * 50, "e\u0301" * 50, "😀" * 50,
    "ﷺ" * 20, "İıſK", "ß", "null", "None", "undefined", "NaN", "true", "false", "[]", "{}",
    "' OR 1=1 --", "%", "_", "\\", "*", "a" * 255, "a" * 5000, "x" * 70000, "../../etc/passwd",
    "//evil.example/", "https://evil.example/", "/\\evil.example", "=cmd|' /C calc'!A0", "a@b",
    "a@" + "b" * 300 + ".example", "🏳️‍🌈@example.org", PASSWORD,
)  # fmt: skip
NUMBERS = (
    "0", "-0", "-1", "1", "1e309", "-1e309", "1e-400", "0x10", "1_000", "١٢٣", "½", "²", "+1", "1,5",
    "1.5", "1.005", "1.", ".1", "9" * 15, "9223372036854775807", "9223372036854775808",
    "-9223372036854775809", "9" * 60, "9" * 5000, "Infinity", "inf", "nan", "1 000", "1 000,00 €",
    "0.1e1", "00", "2147483648", "4294967296",
)  # fmt: skip
DATES = (
    "0000-00-00", "0000-01-01", "0001-01-01", "9999-12-31", "10000-01-01", "-0001-01-01", "2026-02-30",
    "2026-13-01", "2026-02-29", "26-1-1", "01/02/2026", "2026-W05", "2026-001", "2026-01-01T00:00",
    "2026-01-01T25:61:61Z", "2026-01-01T00:00:00+99:99", "1970-01-01", "today", "２０２６-01-01",
)  # fmt: skip
UNKNOWN = (
    "id", "vendor_id", "vendor_code", "platform_id", "user_id", "role", "role_id", "permissions",
    "everything", "is_admin", "status", "version", "created_at", "__class__", "__proto__",
    "constructor", "_method", "next", "password", "email", "active", "submit", "a" * 300, "", "\0", "é",
    "x[]", "x[0][y]", "x.y", "x-0-y", f"<{TAG}>",
)  # fmt: skip
FILES: tuple[tuple[str, bytes], ...] = (
    ("a.png", b""),
    ("a.png", b"\x89PNG\r\n\x1a\n" + b"\0" * 64),
    ("../../a.png", b"GIF89a" + b"\xff" * 64),
    (f"<{TAG}>.svg", f"<svg xmlns='http://www.w3.org/2000/svg'><{TAG}/></svg>".encode()),
    ("a.csv", b'sku;title\n"a;b\n' + b"\0\xff;" * 500),
    ("a" * 300 + ".jpg", b"\xff\xd8\xff\xe0" + b"\0" * 2000),
    ("", b"x"),
    ("a.html", f"<{TAG}>".encode()),
)


class Filler:
    """Fills forms: mostly as people would, with something hostile here and there."""

    def __init__(self, rng: random.Random) -> None:
        self.rng = rng

    def hostile(self, field: Field) -> str:
        """A value that this field isn't made for, or a random one."""
        kinds: dict[str, tuple[str, ...]] = {"number": NUMBERS, "date": DATES, "datetime-local": DATES}
        pools = (kinds.get(field.kind, MARKUP), MARKUP, TEXTS, NUMBERS, DATES)
        return (
            self.rng.choice(self.rng.choices(pools, weights=(4, 4, 4, 2, 1))[0])
            if self.rng.random() < 0.9
            else self._noise()
        )

    def plausible(self, field: Field) -> str:
        """A value that this field is made for."""
        if field.offers:
            return self.rng.choice(field.offers)
        make: Callable[[], str] = {
            "email": lambda: f"zx{self.rng.randrange(10**6)}@mail.example",
            "number": lambda: str(self.rng.randrange(1, 50)),
            "date": lambda: f"2026-{self.rng.randrange(1, 13):02}-{self.rng.randrange(1, 29):02}",
            "password": lambda: PASSWORD,
            "url": lambda: "https://mail.example/",
        }.get(field.kind, lambda: field.value or f"Zx {self.rng.randrange(10**6)}")
        return field.value if field.value and self.rng.random() < 0.6 else make()

    def filled(self, fields: list[Field]) -> list[tuple[str, str]]:
        """All fields of a form; at most some of them are wrong."""
        wrong = self.rng.choice((0, 1, 1, 1, 2, 3, len(fields)))
        chosen = {id(one) for one in self.rng.sample(fields, min(wrong, len(fields)))}
        pairs = []
        for one in fields:
            if one.kind in ("checkbox", "radio") and id(one) not in chosen and self.rng.random() < 0.4:
                continue
            pairs.append((one.name, self.hostile(one) if id(one) in chosen else self.plausible(one)))
        return self._misshapen(pairs)

    def files(self, fields: list[Field]) -> tuple[tuple[str, str, bytes], ...]:
        """Something for each field that takes a file."""
        return tuple((one.name, *self.rng.choice(FILES)) for one in fields if one.kind == "file")

    def _misshapen(self, pairs: list[tuple[str, str]]) -> list[tuple[str, str]]:
        chance = self.rng.random()
        if pairs and chance < 0.12:
            pairs.remove(self.rng.choice(pairs))
        elif pairs and chance < 0.2:
            name, value = self.rng.choice(pairs)
            pairs += [(name, value), (name, self.hostile(Field(name)))]
        elif chance < 0.3:
            pairs.append((self.rng.choice(UNKNOWN), self.hostile(Field("unknown"))))
        elif pairs and chance < 0.34:
            name, value = self.rng.choice(pairs)
            pairs.append((f"{name}[]", value))
        elif chance < 0.36:
            pairs += [(f"x{n}", "") for n in range(400)]
        return pairs

    def _noise(self) -> str:
        points = (
            self.rng.choice((self.rng.randrange(32, 127), self.rng.randrange(0x10FFFF)))
            for _ in range(self.rng.randrange(1, 60))
        )
        return "".join(chr(point) for point in points)
