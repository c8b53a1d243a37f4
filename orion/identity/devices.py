"""Browsers that somebody has signed in with before.

A signed cookie says so, for each person who did. It opens nothing: it only lets tries of that browser be
counted apart from everybody else's, so that a stranger who guesses passwords holds up strangers alone. The
idea is known as device cookies.
"""

import secrets

from flask import Response as FlaskResponse
from flask import after_this_request, current_app, request
from itsdangerous import BadData, URLSafeTimedSerializer

from orion.identity.attempts import digest
from orion.identity.cookies import read_cookie, set_cookie

#: Browsers keep a cookie for 400 days at most.
SECONDS = 400 * 24 * 3600
#: People of one browser who are remembered: the newest.
MOST = 5


def known(email: str) -> str | None:
    """What the browser's tries for this person are counted under; None where they never signed in here."""
    return _read().get(digest(email))


def remember(email: str) -> None:
    """From this response on the browser is one that this person has signed in with."""
    people = _read()
    mine = people.pop(digest(email), None) or secrets.token_hex(8)
    kept = dict(list(people.items())[1 - MOST :]) | {digest(email): mine}

    @after_this_request
    def _keep(response: FlaskResponse) -> FlaskResponse:
        set_cookie(request, response, "device", str(_signer().dumps(kept)), SECONDS)
        return response


def _read() -> dict[str, str]:
    try:
        found: dict[str, str] = _signer().loads(read_cookie(request, "device") or "", max_age=SECONDS)
    except BadData:
        return {}
    return found


def _signer() -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(current_app.secret_key or "", salt="orion-device")
