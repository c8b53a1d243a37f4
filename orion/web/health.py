"""/healthz says that the process answers; /readyz that it can work, and how much of it does."""

from flask import Blueprint, Flask, current_app, jsonify
from flask.typing import ResponseReturnValue

from orion.data.health import problem
from orion.installation import Installation
from orion.manifest.diagnostics import ERROR
from orion.registry import Registry, State
from orion.telemetry import is_watcher

blueprint = Blueprint("health", __name__)


def init_app(app: Flask) -> None:
    """Serve both."""
    app.register_blueprint(blueprint)


@blueprint.get("/healthz")
def alive() -> ResponseReturnValue:
    """The process answers; nothing else is asked."""
    return jsonify(status="ok")


@blueprint.get("/readyz")
def readiness() -> ResponseReturnValue:
    """503 when nothing can be served: the database is away, behind its migrations or without its wall, or a
    core module is off. 200 otherwise, `degraded` while a module is quarantined or a file is broken.

    What exactly is wrong, and with which module, is for whoever has the token of `ORION_METRICS_TOKEN`.
    """
    orion: Installation = current_app.extensions["orion"]
    wrong = problem(current_app._get_current_object()) or _without_core(orion)  # type: ignore[attr-defined]
    if wrong:
        told = wrong if is_watcher() else wrong.partition(":")[0]
        return jsonify(status="not ready", problem=told), 503, {"Retry-After": "5"}
    named = _quarantined(orion.registry)
    broken = _broken(orion.registry)
    if not named and not broken:
        return jsonify(status="ok")
    details = {"modules": named, "files": broken} if is_watcher() else {}
    return jsonify(status="degraded", **{name: of for name, of in details.items() if of})


def _quarantined(registry: Registry) -> dict[str, str]:
    """Code → reason of the modules that something is wrong with."""
    return {c: known.reason for c, known in registry.states.items() if known.state is State.QUARANTINED}


def _broken(registry: Registry) -> dict[str, str]:
    """File → the first thing that is wrong with it: a last good text may be in use, or none."""
    found: dict[str, str] = {}
    for wrong in registry.diagnostics:
        if wrong.severity == ERROR:
            found.setdefault(wrong.file, f"{wrong.file}:{wrong.line}:{wrong.column}: {wrong.message}")
    return found


def _without_core(orion: Installation) -> str | None:
    registry = orion.registry
    off = sorted(c for c, m in registry.manifests.items() if m.core and registry.state(c) != State.ON)
    if off:
        return f"a core module is off: {', '.join(off)}"
    return None if orion.permission_source else "nobody keeps memberships: all modules that could are off"
