"""What others may read who have the address."""

from flask import Response, request, stream_with_context
from flask.typing import ResponseReturnValue

from modules.marketplace import google, outlets
from orion.contracts.limits import Limit, network_key, spend
from orion.contracts.pages import Pages
from orion.contracts.scope import Scope
from orion.contracts.texts import nearest, translated_into

pages = Pages(__name__)
FEED = Limit("feed", 60, 3600)


@pages.page("/feeds/<secret>.xml", public=True)
def feed(scope: Scope, secret: str) -> ResponseReturnValue:
    """What the vendor shows on a platform: the one that the secret is of. With `lang` in another language."""
    spend(FEED, network_key(scope))
    language = nearest(request.args.get("lang", ""), translated_into(scope))
    body = google.feed(scope, outlets.by_secret(scope, secret), language)
    headers = {"Cache-Control": "private, no-store", "X-Robots-Tag": "noindex"}
    return Response(stream_with_context(body), mimetype="application/xml", headers=headers)
