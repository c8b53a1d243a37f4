"""Orion as a Flask application: reads like a table of contents."""

import logging

from flask import Flask, g, redirect
from flask.typing import ResponseReturnValue
from flask_compress import Compress
from jinja2 import ChoiceLoader, FileSystemLoader, PrefixLoader
from werkzeug.middleware.proxy_fix import ProxyFix

from orion import i18n, identity, logs, mail, metrics, telemetry, watch
from orion.contracts import events
from orion.contracts.pages import engine_page
from orion.contracts.scope import Scope
from orion.data import bookkeeping, engines
from orion.data.health import refuse_without_wall
from orion.desk import pages as desk_pages
from orion.installation import Installation
from orion.jobs import queue as jobs
from orion.product import pages as product_pages
from orion.settings import Settings
from orion.web import (
    assets,
    charts,
    errors,
    formats,
    forms,
    gate,
    headers,
    health,
    hosts,
    htmx,
    icons,
    languages,
    limits,
    panels,
    requests,
    shell,
    styleguide,
    theme,
    translations,
    undo,
)

log = logging.getLogger("orion.loader")


def create_app(settings: Settings | None = None) -> Flask:
    """An application for these settings; without any, one to be served, for the environment's.

    A module that is wrong is quarantined and named; only a wrong installation (a database URL that
    can't be read, an engine route without a policy) raises, and for serving a database whose tenant
    wall is down.
    """
    to_be_served, settings = settings is None, settings or Settings.from_env()
    app = Flask("orion", root_path=str(settings.root), static_folder=None, template_folder=None)
    _configure(app, settings)
    logs.init_app(app, settings)
    requests.init_app(app, settings)
    htmx.init_app(app)
    engines.init_app(app, settings)
    telemetry.init_app(app, settings)
    bookkeeping.init_app(app)
    i18n.init_app(app, settings)
    headers.init_app(app, settings)
    hosts.init_app(app, settings)
    errors.init_app(app)
    limits.init_app(app, settings)
    orion = _install(app, settings)
    jobs.init_app(app, settings)
    mail.init_app(app, settings)
    identity.init_app(app, settings)
    gate.init_app(app, orion)
    shell.init_app(app)
    formats.init_app(app)
    forms.init_app(app)
    panels.init_app(app)
    assets.init_app(app, settings.static)
    charts.init_app(app)
    theme.init_app(app)
    languages.init_app(app)
    icons.init_app(app, settings, orion)
    health.init_app(app)
    styleguide.init_app(app)
    metrics.init_app(app, settings)
    undo.init_app(app)
    desk_pages.init_app(app)
    product_pages.init_app(app)
    translations.init_app(app, settings)
    _register_modules(app, orion)
    app.add_url_rule("/", "home", _home)
    gate.check_policies(app)
    Compress(app)
    if to_be_served:
        refuse_without_wall(app)
    if settings.trusted_proxies:
        n = settings.trusted_proxies
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=n, x_proto=n, x_host=n)  # type: ignore[method-assign]
    if settings.watch_every:
        app.extensions["orion_watch"] = watch.start(app, settings.watch_every)
    return app


def _configure(app: Flask, settings: Settings) -> None:
    app.config.update(
        SECRET_KEY=settings.secret,
        TESTING=settings.testing,
        MAX_CONTENT_LENGTH=32 * 1024 * 1024,
        COMPRESS_ALGORITHM=["br", "gzip"],
        COMPRESS_MIMETYPES=["text/html", "text/css", "text/javascript", "application/json", "image/svg+xml"],
        COMPRESS_BR_LEVEL=5,
    )
    app.jinja_options = {"trim_blocks": True, "lstrip_blocks": True, "extensions": ["jinja2.ext.do"]}
    app.extensions["settings"] = settings


def _install(app: Flask, settings: Settings) -> Installation:
    orion = Installation(app, settings)
    app.extensions["orion"] = orion
    app.jinja_loader = ChoiceLoader(
        [
            FileSystemLoader(settings.templates),
            PrefixLoader({c: FileSystemLoader(m.folder / "templates") for c, m in orion.modules.items()}),
        ]
    )
    events.connect(lambda scope, event: app.extensions["orion"].registry.listeners(scope, event))
    with app.app_context():
        orion.refresh()
    return orion


def _register_modules(app: Flask, orion: Installation) -> None:
    """Every importable module's pages, on or off: the gate asks the registry at each request.

    What a blueprint does when it is registered is the module's own start: if that fails, so does the module.
    """
    for code, module in list(orion.modules.items()):
        if module.error or module.undeclared:
            continue
        try:
            for blueprint in module.blueprints:
                app.register_blueprint(blueprint)
        except (Exception, SystemExit) as error:
            log.exception("module cannot be started", extra={"module_code": code})
            with app.app_context():
                orion.fail(code, error)


@engine_page()
def _home(_scope: Scope) -> ResponseReturnValue:
    """The first place that this person may go to."""
    doors = g.access.doors
    return redirect(shell.door_url(doors[0]) if doors else "/account/sessions", 303)
