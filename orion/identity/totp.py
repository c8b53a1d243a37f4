"""Codes of an app that change every 30 seconds (RFC 6238)."""

from dataclasses import dataclass

from flask_babel import gettext as _
from passlib.exc import TokenError, UsedTokenError  # type: ignore[import-untyped]
from passlib.totp import TOTP  # type: ignore[import-untyped]

from orion.contracts.errors import Invalid

ISSUER = "Orion"
#: Seconds that the clocks of phone and server may differ by, either way.
WINDOW = 30


@dataclass(frozen=True, slots=True)
class Square:
    """A QR code as the path of an SVG, `size` units wide with its quiet border."""

    size: int
    path: str


def new_key() -> str:
    """A new key in base 32."""
    return str(TOTP.new().base32_key)


def in_groups(key: str) -> str:
    """A key as people type it."""
    return " ".join(key[i : i + 4] for i in range(0, len(key), 4))


def uri(key: str, email: str) -> str:
    """The address that an app opens or reads from a picture."""
    return str(TOTP(key=key).to_uri(label=email, issuer=ISSUER))


def picture(text: str) -> Square:
    """A text as a QR code."""
    import qrcode  # type: ignore[import-untyped]

    code = qrcode.QRCode(border=4)
    code.add_data(text)
    rows = code.get_matrix()
    dots = (f"M{x} {y}h1v1h-1z" for y, row in enumerate(rows) for x, dark in enumerate(row) if dark)
    return Square(len(rows), "".join(dots))


def counter_of(key: str, code: str, last: int | None) -> int:
    """The number of a code, which must be later than the last one that was taken. Raises Invalid."""
    try:
        return int(TOTP(key=key).match("".join(code.split()), window=WINDOW, last_counter=last).counter)
    except UsedTokenError:
        raise Invalid(_("This code has been used already. Wait for the next one.")) from None
    except (TokenError, TypeError, ValueError):
        raise Invalid(_("This code is wrong, or its time is over.")) from None
