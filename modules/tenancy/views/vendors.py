"""The life of vendors and platforms: beginning, changing, shutting, opening again, and helping."""

from dataclasses import replace
from datetime import UTC, datetime

from flask import url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from modules.tenancy import queries, services
from modules.tenancy.forms import (
    JoinForm,
    NewPlatformForm,
    NewVendorForm,
    PlatformForm,
    ReasonForm,
    SupportForm,
    VendorForm,
    role_options,
)
from modules.tenancy.models import Vendor
from modules.tenancy.services import Post
from modules.tenancy.services.support import MINUTES
from orion.contracts.data import entered, session, system_scope
from orion.contracts.errors import Forbidden
from orion.contracts.formats import joined
from orion.contracts.forms import Confirm, Undo, confirm_page, done, form_page, languages
from orion.contracts.locales import locales
from orion.contracts.people import person_here
from orion.contracts.scope import Scope, ScopeKind
from orion.contracts.texts import LANGUAGES, fallbacks


def overall(scope: Scope) -> Scope:
    """A scope that sees all, for what the person's own can't see yet; who they are goes with it."""
    wide = system_scope("onboarding")
    return replace(wide, user_id=scope.user_id, permissions=scope.permissions, acting=scope.acting)


def new_vendor(scope: Scope) -> ResponseReturnValue:
    """A vendor begins: its facts, its platforms, and whoever owns it."""
    form = NewVendorForm(currency=scope.currency, zone=scope.zone)
    form.platforms.groups = [("", [(p.code, p.name) for p in queries.platforms_here(scope)])]
    form.role.options = role_options(scope, Post(vendor=Vendor(id=0, code="", name="")))
    if form.sent():
        person, given = person_here(), form.given()
        with form.attempt(under=overall(scope)):
            services.check_may_onboard(scope, given["platforms"])
            vendor = services.onboard(overall(scope), inviter=person.name if person else "", **given)
            said = _("%(vendor)s is there, and its owner is invited.", vendor=vendor.name)
            return done(said, url_for("tenancy_admin.vendor", code=vendor.code))
    back = url_for("tenancy_admin.vendors")
    return form_page(form, title=_("New vendor"), submit=_("Add the vendor"), back=back)


def settings(
    scope: Scope, vendor: Vendor, back: str, title: str, template: str = "form.html"
) -> ResponseReturnValue:
    """What a vendor says of itself."""
    form = VendorForm(obj=vendor)
    form.locale.options = languages(sorted({*locales(), vendor.locale}))
    offered = [tag for tag in LANGUAGES if tag not in fallbacks(vendor.locale)]
    form.languages.groups = [("", languages(offered))]
    if form.sent():
        with form.attempt():
            services.edit_vendor(scope, vendor, **form.given())
            return done(_("Saved."), back)
    return form_page(form, template, title=title)


def suspend(scope: Scope, code: str) -> ResponseReturnValue:
    """Let a vendor's people read and no more: everywhere, or on the scope's platforms."""
    vendor, back = queries.vendor(scope, code), url_for("tenancy_admin.vendor", code=code)
    form = ReasonForm()
    if form.sent():
        with form.attempt():
            services.suspend(scope, vendor, form.reason.data)
            said = _("%(vendor)s is suspended.", vendor=vendor.name)
            return done(said, back, Undo("tenancy.open_again", code=code))
    title = _("Suspend %(vendor)s", vendor=vendor.name)
    intro = _("Its people can read everything and change nothing; its shop is off.")
    if scope.kind is not ScopeKind.INSTALLATION:
        intro = _(
            "On %(platforms)s its people can read everything and change nothing, and its shop is off."
            " Elsewhere it goes on.",
            platforms=_names(scope),
        )
    return form_page(form, title=title, intro=intro, submit=_("Suspend"), back=back)


def close(scope: Scope, code: str) -> ResponseReturnValue:
    """Shut a vendor for good, or where other platforms have it too, on the scope's; everything is kept."""
    vendor, back = queries.vendor(scope, code), url_for("tenancy_admin.vendor", code=code)
    form, alone = Confirm(word=code), _is_alone(scope, vendor)
    if form.sent():
        with form.attempt():
            if alone:
                services.close(scope, vendor)
                return done(_("%(vendor)s is closed.", vendor=vendor.name), back)
            for junction, platform in queries.platforms_of(scope, vendor):
                if junction.status != "ended":
                    services.leave_platform(scope, vendor, platform, datetime.now(UTC).date())
            said = _("%(vendor)s has left %(platform)s.", vendor=vendor.name, platform=_names(scope))
            return done(said, url_for("tenancy_admin.vendors"))
    people = len(queries.team_of(scope, vendor))
    points = [
        ngettext("One person loses the way in.", "%(num)s people lose the way in.", people),
        _("Its shop is off, and nothing can be bought."),
        _("Orders, customers and products are kept, and stay readable to the platforms."),
    ]
    text = _("From today on nobody works for this vendor.")
    if not alone:
        points = [
            _("What was ordered here stays readable to you and to the vendor."),
            _("Other platforms have this vendor too; there it goes on."),
        ]
        text = _("From today on it sells nothing on %(platforms)s.", platforms=_names(scope))
    title = _("Close %(vendor)s?", vendor=vendor.name)
    return confirm_page(form, title=title, text=text, points=points, submit=_("Close"), back=back)


def reopen(scope: Scope, code: str) -> ResponseReturnValue:
    """End a suspension, or open a closed vendor again."""
    vendor = queries.vendor(scope, code)
    if vendor.status == "closed" and not _is_alone(scope, vendor):
        raise Forbidden(_("Only the installation may do that with this vendor."))
    services.reopen(scope, vendor)
    back = url_for("tenancy_admin.vendor", code=code)
    return done(_("%(vendor)s is open again.", vendor=vendor.name), back)


def join(scope: Scope, code: str) -> ResponseReturnValue:
    """Put a vendor on another platform."""
    vendor, back = queries.vendor(scope, code), url_for("tenancy_admin.vendor", code=code)
    form = JoinForm()
    found = {p.code: p for p in queries.platforms_without(scope, vendor)}
    form.platform.options = [(p.code, p.name) for p in found.values()]
    if form.sent():
        platform = found[form.platform.data]
        with form.attempt():
            services.join_platform(scope, vendor, platform, datetime.now(UTC).date())
            said = _("%(vendor)s sells on %(platform)s now.", vendor=vendor.name, platform=platform.name)
            return done(said, back)
    title = _("Another platform for %(vendor)s", vendor=vendor.name)
    return form_page(form, title=title, submit=_("Add to the platform"), back=back)


def leave(scope: Scope, code: str, platform_code: str) -> ResponseReturnValue:
    """End a vendor's time on a platform, which keeps reading its own orders and nothing else."""
    vendor, platform = queries.vendor(scope, code), queries.platform(scope, platform_code)
    since, status = services.leave_platform(scope, vendor, platform, datetime.now(UTC).date())
    to = "vendors" if scope.kind is not ScopeKind.INSTALLATION else "vendor"
    back = url_for(f"tenancy_admin.{to}", **({"code": code} if to == "vendor" else {}))
    said = _("%(vendor)s has left %(platform)s.", vendor=vendor.name, platform=platform.name)
    was = {"since": since.isoformat(), "status": status}
    return done(said, back, Undo("tenancy.stay", vendor=vendor.id, platform=platform.id, **was))


def support(scope: Scope, code: str) -> ResponseReturnValue:
    """Work for a vendor for a while, with one's own rights, a reason and an end."""
    vendor, back = queries.vendor(scope, code), url_for("tenancy_admin.vendor", code=code)
    form = SupportForm()
    form.minutes.options = [(n, ngettext("One minute", "%(num)s minutes", n)) for n in MINUTES]
    if form.sent():
        with form.attempt():
            services.begin_support(scope, vendor, **form.given())
            return done(_("You are at %(vendor)s now.", vendor=vendor.name), f"/vendor/{code}/")
    title = _("Help %(vendor)s", vendor=vendor.name)
    intro = _("You see its pages with your own rights. Every change is in its log under your name.")
    return form_page(form, title=title, intro=intro, submit=_("Go there"), back=back)


def end_support(scope: Scope) -> ResponseReturnValue:
    """Leave the vendor that one helps."""
    if scope.vendor is None or not scope.acting:
        raise Forbidden()
    session().rollback()
    with entered(overall(scope), write=True) as writing:
        services.end_support(replace(overall(scope), vendor=scope.vendor), scope.vendor)
        writing.commit()
    return done(_("You have left %(vendor)s.", vendor=scope.vendor.name), "/admin/vendors")


def new_platform(scope: Scope) -> ResponseReturnValue:
    """A platform begins. That is for those who run the installation."""
    if scope.kind is not ScopeKind.INSTALLATION:
        raise Forbidden(_("Only those who run the installation add platforms."))
    form, back = NewPlatformForm(), url_for("tenancy_admin.platforms")
    if form.sent():
        with form.attempt():
            made = services.create_platform(scope, form.code.data, form.name.data, now=datetime.now(UTC))
            return done(_("%(platform)s is there.", platform=made.name), back)
    return form_page(form, title=_("New platform"), submit=_("Add the platform"), back=back)


def platform(scope: Scope, code: str) -> ResponseReturnValue:
    """What a platform is called."""
    found, back = queries.platform(scope, code), url_for("tenancy_admin.platforms")
    form = PlatformForm(obj=found)
    if form.sent():
        with form.attempt():
            services.edit_platform(scope, found, name=form.name.data)
            return done(_("Saved."), back)
    trail = [(_("Platforms"), back)]
    return form_page(form, "tenancy/platform.html", platform=found, title=found.name, back=back, trail=trail)


def _is_alone(scope: Scope, vendor: Vendor) -> bool:
    """Whether no other platform has a vendor: the scope itself sees its own alone."""
    with entered(system_scope("onboarding")):
        return services.is_alone(scope, vendor)


def _names(scope: Scope) -> str:
    return joined(platform.name for platform in queries.platforms_here(scope))
