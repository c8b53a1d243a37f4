"""The one builder of keys for whatever is kept outside the database: the place comes first in each."""

import hashlib
import json


def key_of(use: str, name: str, *parts: object) -> str:
    """A key such as `value:orders.revenue:3f…`: readable as far as it may be, the rest hashed.

    `parts` tell two answers apart: the scope's key where a tenant's rows are behind it, then whatever
    else counts. What they hold (addresses, ids) can't be read from the key.
    """
    text = json.dumps([str(part) for part in parts], separators=(",", ":"))
    return f"{use}:{name}:{hashlib.sha256(text.encode()).hexdigest()[:40]}"
