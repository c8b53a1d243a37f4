"""Pages: routes that say who may see them. The policy of a page is readable at its decorator."""

import inspect
from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any

from flask import Blueprint, g, make_response, render_template, request
from flask.typing import ResponseReturnValue

from orion.contracts.scope import Scope
from orion.data.database import session

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
PREFIXES = {
    "admin": "/admin",
    "vendor": "/vendor/<vendor_code>",
    "shop": "/shop/<vendor_code>",
    # Pages about oneself: they belong to no place, and see no tenant's row.
    "account": "/account",
}


@dataclass(frozen=True, slots=True)
class PageSpec:
    """One page's policy. `permission` and `feature` are full ids; a page has a permission or is public.

    `fresh` asks whoever comes to confirm that it is them, unless they did in the last minutes.
    `module` is None for the engine's own pages, which any signed-in person with access to the
    place may see (`signed_in`).
    """

    endpoint: str
    rule: str
    methods: frozenset[str]
    frontend: str | None
    module: str | None = None
    permission: str | None = None
    feature: str | None = None
    public: bool = False
    signed_in: bool = False
    fresh: bool = False
    file: str = ""
    line: int = 0


class Pages(Blueprint):
    """The pages of one module on one frontend: `pages = Pages(__name__)` in routes/<frontend>.py.

    The URL prefix, the endpoint prefix and the frontend follow from the file's name. A route added
    other than by `page` has no policy: it is listed in `undeclared`, and its module stays off.
    """

    def __init__(self, import_name: str) -> None:
        parts = import_name.split(".")
        self.module, self.frontend = parts[1], parts[-1]
        super().__init__(f"{self.module}_{self.frontend}", import_name, url_prefix=PREFIXES[self.frontend])
        self.specs: list[PageSpec] = []
        self.undeclared: list[str] = []
        self._declaring = False

    def page(
        self,
        rule: str,
        *,
        permission: str | None = None,
        public: bool = False,
        feature: str | None = None,
        fresh: bool = False,
        methods: tuple[str, ...] = ("GET",),
    ) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
        """Declare a page. The view gets `scope` first, then the URL's own arguments.

        `feature` is an id of this module (`customer_view`) or a full one. `fresh` is for what can do
        harm: whoever has not shown in the last 15 minutes who they are is asked for it first (what
        becomes of a form that is sent meanwhile: orion/identity/confirm.py). Raises TypeError for a
        page with neither a permission nor `public`.
        """
        if public == bool(permission):
            raise TypeError(f"page {rule} of {self.module} must state a permission, or be public")
        if public and fresh:
            raise TypeError(f"page {rule} of {self.module} is public: there is nobody to ask who they are")
        if feature and "." not in feature:
            feature = f"{self.module}.{feature}"

        def declare(view: Callable[..., Any]) -> Callable[..., Any]:
            endpoint = f"{self.name}.{view.__name__}"
            line = inspect.getsourcelines(view)[1]
            self.specs.append(
                PageSpec(
                    endpoint=endpoint,
                    rule=(self.url_prefix or "") + rule,
                    methods=frozenset(methods),
                    frontend=self.frontend,
                    module=self.module,
                    permission=permission,
                    feature=feature,
                    public=public,
                    fresh=fresh,
                    file=inspect.getsourcefile(view) or "",
                    line=line,
                )
            )
            self._declaring = True
            try:
                self.add_url_rule(rule, view.__name__, handle(view), methods=list(methods))
            finally:
                self._declaring = False
            return view

        return declare

    def add_url_rule(self, rule: str, *args: Any, **kwargs: Any) -> None:
        if not self._declaring:
            self.undeclared.append((self.url_prefix or "") + rule)
        super().add_url_rule(rule, *args, **kwargs)


def handle(view: Callable[..., Any]) -> Callable[..., ResponseReturnValue]:
    """A view as Flask calls it: `scope` first, and one commit point after an unsafe method."""

    @wraps(view)
    def handled(**arguments: Any) -> ResponseReturnValue:
        arguments.pop("vendor_code", None)
        response: ResponseReturnValue = view(current_scope(), **arguments)
        if request.method not in SAFE_METHODS:
            if "before_commit" in g and make_response(response).status_code < 400:
                g.before_commit()
            session().commit()
        return response

    return handled


def current_scope() -> Scope:
    """The scope of this request: for views and templates only, never below them."""
    scope: Scope = g.scope
    return scope


def render(template: str, status: int = 200, **context: Any) -> ResponseReturnValue:
    """A page of the shell. Templates of a module are named `<id>/x.html`."""
    return make_response(render_template(template, **context), status)


def engine_page(
    frontend: str | None = None,
    *,
    public: bool = False,
    permission: str | None = None,
    fresh: bool = False,
) -> Callable[[Callable[..., Any]], Callable[..., ResponseReturnValue]]:
    """Engine only: a view that anyone with access to the place may see (or `public`, or with a permission
    of the engine's). `fresh` is as for modules' pages.

    Register what it returns with `app.add_url_rule`; the gate reads its `page_policy`.
    """

    def declare(view: Callable[..., Any]) -> Callable[..., ResponseReturnValue]:
        handled = handle(view)
        handled.page_policy = PageSpec(  # type: ignore[attr-defined]
            endpoint=view.__name__,
            rule="",
            methods=frozenset({"GET"}),
            frontend=frontend,
            permission=permission,
            public=public,
            signed_in=not public,
            fresh=fresh,
        )
        return handled

    return declare
