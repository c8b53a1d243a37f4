"""The gate: before each request it says where the person is, what is on there and what they may do."""

from contextlib import ExitStack
from dataclasses import replace

from flask import Flask, current_app, g, has_request_context, request
from flask.typing import ResponseReturnValue
from flask_babel import get_locale
from flask_babel import lazy_gettext as _l
from flask_security import current_user

from orion.contracts.audit import Subject, action, record
from orion.contracts.errors import Forbidden, NotFound
from orion.contracts.pages import SAFE_METHODS, PageSpec
from orion.contracts.permissions import Access
from orion.contracts.scope import NOBODY, Scope, ScopeKind
from orion.data.database import entered
from orion.i18n import settle
from orion.identity import demand, demand_second, refuse_unknown
from orion.identity.place import place_of_request
from orion.identity.visit import current_visit
from orion.installation import Installation
from orion.product import missing
from orion.web.banners import shut_words

#: Blueprints of the engine that guard themselves: signing in must be possible for everybody.
OPEN = frozenset({"assets", "security", "sign_in", "account", "health", "mailbox", "styleguide", "telemetry"})
#: What somebody does for a vendor in support: each request that changes something, besides what it changes.
ACTED = action("orion.acted_in_support", _l("Something was changed in support"))


def init_app(app: Flask, orion: Installation) -> None:
    """Put the gate before every request, and fill place names into every URL that needs them."""
    app.before_request(lambda: _pass(app, orion))
    app.teardown_request(_leave)
    app.url_defaults(_same_place)


def check_policies(app: Flask) -> None:
    """Deny by default: raises RuntimeError when a route has no policy."""
    for rule in app.url_map.iter_rules():
        if policy_of(app, rule.endpoint) is None and not _is_open(rule.endpoint):
            raise RuntimeError(f"no policy for {rule.rule} ({rule.endpoint})")


def policy_of(app: Flask, endpoint: str) -> PageSpec | None:
    """The policy of an endpoint: a module's page, or a page of the engine."""
    orion: Installation = app.extensions["orion"]
    return orion.pages.get(endpoint) or getattr(app.view_functions.get(endpoint), "page_policy", None)


def _is_open(endpoint: str) -> bool:
    return endpoint.partition(".")[0] in OPEN


def _pass(app: Flask, orion: Installation) -> ResponseReturnValue | None:
    g.registry, g.scope, g.access = orion.registry, NOBODY, None
    g.frames = ExitStack()
    if request.endpoint is None or _is_open(request.endpoint):
        _enter(NOBODY)
        return None
    spec = policy_of(app, request.endpoint)
    if spec is None:
        raise NotFound()
    if spec.module and g.registry.state(spec.module) != "on":
        missing.note(spec)
        raise NotFound()
    if any("\0" in str(value) for value in (request.view_args or {}).values()):
        raise NotFound()
    if not spec.public and not current_user.is_authenticated:
        return refuse_unknown()
    if spec.frontend == "shop":
        # Whoever comes to a shop is a visitor there, those who work for it too.
        g.scope = _visitor(orion)
    elif current_user.is_authenticated:
        g.access = _access(orion, spec)
        settle()
        asked = None if spec.public or spec.frontend is None else demand_second(g.access)
        if asked is not None:
            g.access = None
            _enter(NOBODY)
            return asked
        g.scope = _scope(orion, g.access)
    else:
        g.scope = replace(NOBODY, features=g.registry.features())
    if not g.registry.allowed(g.scope, spec):
        _enter(g.scope)  # The page that says no is a page like others, and reads what they read.
        raise Forbidden() if g.registry.available(g.scope, spec) else NotFound()
    if _is_shut(g.scope, request.endpoint):
        raise Forbidden(shut_words(g.scope))
    if request.method not in SAFE_METHODS:
        g.scope = g.scope.for_changes()
    if g.scope.acting and request.method not in SAFE_METHODS and not _leaves(request.endpoint):
        g.before_commit = lambda: record(g.scope, ACTED, Subject("page", request.endpoint, request.path))
    _enter(g.scope)
    return demand() if spec.fresh else None


def _is_shut(scope: Scope, endpoint: str) -> bool:
    """Whether somebody wants to change something at a vendor that may only be read; who helps may leave."""
    return scope.is_shut and request.method not in SAFE_METHODS and not _leaves(endpoint)


def _leaves(endpoint: str) -> bool:
    """Whether somebody who helps goes: the log has that as what it is, and nothing changes."""
    return endpoint.endswith(".end_support")


def _access(orion: Installation, spec: PageSpec) -> Access:
    place = place_of_request(spec.frontend)
    source, visit = orion.permission_source, current_visit()
    if source is None or visit is None:
        raise NotFound()
    return source.access(visit.rights, place, g.registry.permissions)


def _scope(orion: Installation, access: Access) -> Scope:
    visit = current_visit()
    assert visit is not None
    return orion.scope_of(
        access,
        user_id=visit.user.id,
        locale=str(get_locale()),
        versions=visit.versions,
        off=visit.off,
        registry=g.registry,
    )


def _visitor(orion: Installation) -> Scope:
    place = place_of_request("shop")
    return orion.visitor_scope(
        place.vendor_code, place.platform_code, locale=str(get_locale()), registry=g.registry
    )


def _enter(scope: Scope) -> None:
    g.frames.enter_context(entered(scope, write=request.method not in SAFE_METHODS))


def _leave(_error: BaseException | None) -> None:
    frames = g.pop("frames", None)
    if frames is not None:
        frames.close()


def _same_place(endpoint: str, values: dict[str, object]) -> None:
    """A link stays with the vendor and on the platform that the page is about."""
    if not has_request_context():
        return
    if "vendor_code" not in values and current_app.url_map.is_endpoint_expecting(endpoint, "vendor_code"):
        code = (request.view_args or {}).get("vendor_code")
        if code:
            values["vendor_code"] = code
    # Each link of a page comes here: asking for an argument that is not there would cost an exception each.
    placed = "platform" in request.args and not _is_open(endpoint) and "platform" not in values
    if placed and request.args["platform"] and g.get("scope", NOBODY).kind is not ScopeKind.NONE:
        values["platform"] = request.args["platform"]
