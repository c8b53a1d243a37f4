"""Every page of the portal, by who sees it: `(login, path)`. A `>` at the end is the first row's page."""

from collections.abc import Iterator
from typing import Any

OWNER, ADMIN, STAFF = "owner@orion.example", "admin@orion.example", "staff@orion.example"
SHOP = "/vendor/WIZAMART"
PAGES: tuple[tuple[str | None, str], ...] = (
    (None, "/login"),
    (None, "/reset"),
    (None, "/_mail"),
    (OWNER, f"{SHOP}/"),
    (OWNER, f"{SHOP}/?from=2001-01-01&to=2001-01-31"),
    (OWNER, f"{SHOP}/tiles/orders.revenue"),
    (OWNER, f"{SHOP}/arrange"),
    (OWNER, f"{SHOP}/notifications"),
    (OWNER, f"{SHOP}/search?q=an"),
    (OWNER, f"{SHOP}/keys"),
    (OWNER, f"{SHOP}/views/new?list=orders.vendor&query=kind%3Drefund&back={SHOP}/orders"),
    (OWNER, f"{SHOP}/orders"),
    (OWNER, f"{SHOP}/orders>"),
    (OWNER, f"{SHOP}/orders?kind=refund&sort=number"),
    (OWNER, f"{SHOP}/orders?q=nothing-like-this"),
    (OWNER, f"{SHOP}/customers"),
    (OWNER, f"{SHOP}/customers>"),
    (OWNER, f"{SHOP}/customers?q=nothing-like-this"),
    (OWNER, f"{SHOP}/pages"),
    (OWNER, f"{SHOP}/pages>"),
    (OWNER, f"{SHOP}/pages/new"),
    (OWNER, f"{SHOP}/media"),
    (OWNER, f"{SHOP}/media>"),
    (OWNER, f"{SHOP}/media/upload"),
    (OWNER, f"{SHOP.replace('vendor', 'shop')}/pages/a-quiet-winter"),
    (OWNER, f"{SHOP}/imports"),
    (OWNER, f"{SHOP}/imports>"),
    (OWNER, f"{SHOP}/imports/new"),
    (OWNER, f"{SHOP}/imports/staging?state=changed>"),
    (OWNER, f"{SHOP}/imports/staging?state=rejected>"),
    (OWNER, f"{SHOP}/imports/jobs>"),
    (OWNER, f"{SHOP}/team"),
    (OWNER, f"{SHOP}/team>"),
    (OWNER, f"{SHOP}/team/invite"),
    (OWNER, f"{SHOP}/team/invitations"),
    (OWNER, f"{SHOP}/team/invitations>"),
    (OWNER, f"{SHOP}/roles"),
    (OWNER, f"{SHOP}/roles>"),
    (OWNER, f"{SHOP}/roles/new"),
    (OWNER, f"{SHOP}/settings"),
    (OWNER, f"{SHOP}/domains"),
    (OWNER, f"{SHOP}/domains>"),
    (OWNER, f"{SHOP}/audit"),
    (OWNER, f"{SHOP}/audit>"),
    (OWNER, "/account/sessions"),
    (OWNER, "/account/password"),
    (OWNER, "/account/security"),
    (OWNER, "/account/security/app"),
    (OWNER, "/account/confirm?next=/"),
    (OWNER, "/account/email"),
    (OWNER, "/_styleguide"),
    (OWNER, f"{SHOP}/nowhere"),
    (OWNER, f"{SHOP}/orders?sort=nonsense"),
    (STAFF, f"{SHOP}/customers"),
    (ADMIN, "/admin/"),
    (ADMIN, "/admin/vendors"),
    (ADMIN, "/admin/vendors>"),
    (ADMIN, "/admin/vendors/new"),
    (ADMIN, "/admin/vendors/WIZAMART/close"),
    (ADMIN, "/admin/vendors/WIZAMART/support"),
    (ADMIN, "/admin/orders"),
    (ADMIN, "/admin/customers"),
    (ADMIN, "/admin/pages"),
    (ADMIN, "/admin/pages>"),
    (ADMIN, "/admin/media"),
    (ADMIN, "/admin/media>"),
    (ADMIN, "/admin/team"),
    (ADMIN, "/admin/platforms"),
    (ADMIN, "/admin/platforms>"),
)


def tour(v: Any, extra: str = "") -> Iterator[str]:
    """Open every page in turn, as who may see it; `extra` is added to each query. Gives what was opened."""
    someone: str | None = None
    for who, path in PAGES:
        if who != someone and who is not None:
            v.page.context.clear_cookies()
            v.sign_in(who)
        someone = who
        place = path.rstrip(">")
        v.go(_with(place, extra))
        if path.endswith(">"):
            place = v.page.locator("tbody th a").first.get_attribute("href")
            v.go(_with(place, extra))
        v.settled()
        yield path


def _with(path: str, extra: str) -> str:
    return f"{path}{'&' if '?' in path else '?'}{extra}" if extra else path
