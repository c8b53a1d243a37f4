"""What the services have in common."""

import re
from typing import TypeVar

from flask_babel import gettext as _

from orion.contracts.data import session
from orion.contracts.errors import Invalid

Row = TypeVar("Row")
#: Codes stand in addresses: a platform's in small letters, a vendor's in capitals.
PLATFORM_CODE = re.compile(r"[a-z0-9][a-z0-9_-]{0,31}")
VENDOR_CODE = re.compile(r"[A-Z0-9][A-Z0-9_-]{0,31}")


def check_code(form: re.Pattern[str], code: str) -> None:
    """Raise Invalid for a code that can't stand in an address."""
    if not form.fullmatch(code):
        sentence = _("“%(code)s” can't be a code: it stands in addresses.", code=code)
        raise Invalid(sentence, {"code": [sentence]})


def added(row: Row) -> Row:
    """The row, with its number."""
    session().add(row)
    session().flush()
    return row
