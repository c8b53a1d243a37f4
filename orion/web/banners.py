"""Lines above the page that tell those who run Orion what is wrong with its files and modules."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import PurePath

from flask import g, url_for
from flask_babel import gettext as _

from orion.contracts.scope import Scope, ScopeKind
from orion.manifest.diagnostics import Diagnostic, spoken
from orion.manifest.saying import in_words
from orion.product.levels import may_manage
from orion.registry import Registry, State


@dataclass(frozen=True, slots=True)
class Banner:
    """A line above the page. `tone` is info, warning or danger."""

    tone: str
    text: str
    href: str | None = None
    #: Words and address of a button.
    button: tuple[str, str] | None = None


def banners(registry: Registry, scope: Scope) -> list[Banner]:
    """What those who run the modules must know, and at a vendor what is unusual about being there."""
    words = list(_words())
    if scope.vendor is not None:
        return [*words, *_vendor(scope)]
    if not may_manage(scope):
        return words
    if scope.kind is not ScopeKind.INSTALLATION:
        mine = [one for code, one in _platforms(registry) if scope.platform and code == scope.platform.code]
        return [*words, *mine]
    platforms = (one for _code, one in _platforms(registry))
    return [*words, *_manifests(registry), *platforms, *_modules(registry)]


def _words() -> Iterator[Banner]:
    """That this page's texts are numbered, and how that ends."""
    if g.get("orion_notes") is not None and g.orion_notes.marking:
        text = _("The texts of this page are numbered; the list at its end says where each comes from.")
        yield Banner("info", text, "#words", (_("Stop"), url_for("translations.end")))


def _vendor(scope: Scope) -> Iterator[Banner]:
    assert scope.vendor is not None
    if scope.acting:
        text = _(
            "You are at %(vendor)s for support (“%(reason)s”). All that you change is in its log.",
            vendor=scope.vendor.name,
            reason=scope.acting,
        )
        leave = f"/vendor/{scope.vendor.code}/support/end"
        yield Banner("warning", text, button=(_("Leave"), leave))
    if scope.is_shut:
        yield Banner("danger", shut_words(scope))
        return
    for platform in scope.suspended:
        text = _(
            "Suspended on %(platform)s: %(reason)s You can read what is there, and not change it.",
            platform=platform.name,
            reason=_ended(platform.status_reason),
        )
        yield Banner("danger", text)


def shut_words(scope: Scope) -> str:
    """What is said where a vendor may only be read."""
    shut = [scope.vendor] if scope.vendor and scope.vendor.status != "active" else scope.suspended
    reasons = dict.fromkeys(_ended(one.status_reason) for one in shut if one.status_reason)
    if reasons:
        reason = " ".join(reasons)
        return _("Suspended: %(reason)s You can read everything, and change nothing.", reason=reason)
    return _("This vendor is suspended. You can read everything, and change nothing.")


def _ended(sentence: str) -> str:
    return sentence if sentence.endswith((".", "!", "?")) else f"{sentence}."


def _manifests(registry: Registry) -> Iterator[Banner]:
    for code in registry.stale_manifests:
        wrong = _first(registry, code)
        text = _(
            "The manifest of %(module)s is broken; its last good text is in use. %(where)s",
            module=code,
            where=_place(wrong) if wrong else f"{code}.yaml",
        )
        yield Banner("warning", text, _to(code, wrong))


def _platforms(registry: Registry) -> Iterator[tuple[str, Banner]]:
    firsts: dict[str, Diagnostic] = {}
    for wrong in _errors(registry):
        if _is_platforms(wrong):
            firsts.setdefault(_of(wrong), wrong)
    for code, wrong in firsts.items():
        if code in registry.platforms:
            text = _(
                "The file of the platform %(platform)s is broken; its last good text is in use. %(where)s",
                platform=code,
                where=_place(wrong),
            )
        else:
            text = _(
                "The file of the platform %(platform)s is broken, and is ignored. %(where)s",
                platform=code,
                where=_place(wrong),
            )
        anchor = f"L{wrong.line}"
        yield code, Banner("warning", text, url_for("modules.platform", code=code, _anchor=anchor))


def _modules(registry: Registry) -> Iterator[Banner]:
    for state in registry.states.values():
        if state.state is State.QUARANTINED:
            text = _(
                "The module %(module)s is switched off: %(reason)s",
                module=state.code,
                reason=in_words(state.reason),
            )
            yield Banner("danger", text, _to(state.code, _first(registry, state.code)))


def _first(registry: Registry, code: str) -> Diagnostic | None:
    """The first error in a module's manifest."""
    return next((d for d in _errors(registry) if _of(d) == code and not _is_platforms(d)), None)


def _to(code: str, wrong: Diagnostic | None) -> str:
    """The page of a module, at the line that is wrong in its manifest."""
    return url_for("modules.module", code=code, _anchor=f"L{wrong.line}" if wrong else None)


def _errors(registry: Registry) -> Iterator[Diagnostic]:
    return (d for d in registry.diagnostics if d.severity == "error")


def _of(diagnostic: Diagnostic) -> str:
    return PurePath(diagnostic.file).stem


def _is_platforms(diagnostic: Diagnostic) -> bool:
    return PurePath(diagnostic.file).parent.name == "platforms"


def _place(wrong: Diagnostic) -> str:
    """Where and what: `manifests/orders.yaml:14:5: unknown key "lable" (did you mean "label"?)`."""
    found = spoken(wrong)
    hint = f" ({found.hint})" if found.hint else ""
    return f"{found.file}:{found.line}:{found.column}: {found.message}{hint}"
