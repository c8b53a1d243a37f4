"""The forms of teams and roles."""

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from modules.tenancy import services
from modules.tenancy.models import AnyRole
from modules.tenancy.services.roles import may_give
from orion.contracts.errors import Invalid
from orion.contracts.forms import (
    ChoiceField,
    ChoicesField,
    EmailField,
    FlagField,
    Form,
    PasswordField,
    TextField,
    VersionField,
    countries,
    currencies,
    zones,
)
from orion.contracts.people import check_password
from orion.contracts.rights import permission_groups
from orion.contracts.scope import Scope

#: Level → the frontends whose permissions mean something there: who runs a platform may help its vendors.
FRONTENDS = {"installation": ("admin", "vendor"), "platform": ("admin", "vendor"), "vendor": ("vendor",)}


class InviteForm(Form):
    """Whom to invite, and as what."""

    email = EmailField(_l("E-mail address"), required=True, hint=_l("A link to accept is sent there."))
    role = ChoiceField(_l("Role"), required=True)


class MemberForm(Form):
    """What somebody may do here."""

    role = ChoiceField(_l("Role"), required=True)


class AcceptForm(Form):
    """Who somebody new is."""

    name = TextField(_l("Your name"), most=200, required=True)
    password = PasswordField(
        _l("Choose a password"),
        required=True,
        hint=_l("A sentence is easier to remember than a puzzle, and safer."),
    )
    again = PasswordField(_l("The password, once more"), required=True)

    def validate(self, extra_validators: Any = None) -> bool:
        """Also false for passwords that differ, or that nobody may choose."""
        right: bool = super().validate(extra_validators)
        if right and self.password.data != self.again.data:
            self.again.errors = [_("The two passwords differ.")]
            return False
        try:
            check_password(self.password.data, name=self.name.data) if right else None
        except Invalid as error:
            self.refuse(error.errors)
            return False
        return right


class RoleForm(Form):
    """A role's name and what it allows."""

    name = TextField(_l("Name"), most=80, required=True)
    permissions = ChoicesField(_l("Rights"), hint=_l("Only those that you have yourself are offered."))
    require_2fa = FlagField(
        _l("Asks for a second factor"),
        hint=_l("Whoever holds the role sets one up before anything else is shown."),
    )
    version = VersionField()


class NewRoleForm(RoleForm):
    """A role that the installation offers to everybody at a level."""

    level = ChoiceField(
        _l("For the people of"),
        required=True,
        options=[
            ("installation", _l("the installation")),
            ("platform", _l("platforms")),
            ("vendor", _l("vendors")),
        ],
    )


def role_options(scope: Scope, post: services.Post, now: AnyRole | None = None) -> list[tuple[str, str]]:
    """The roles that this person may give at a place, and the one that somebody has now."""
    return [
        (role.key, role.name)
        for role in services.offered(post)
        if may_give(scope, role) or (now is not None and role.key == now.key)
    ]


def rights_offered(scope: Scope, level: str) -> list[tuple[str, list[tuple[str, tuple[str, str]]]]]:
    """The permissions that this person may put into a role, by category, each explained."""
    groups = [
        (
            group.label,
            [(one.id, (one.label, one.description)) for one in group.permissions if scope.allows(one.id)],
        )
        for group in permission_groups(*FRONTENDS[level])
    ]
    return [(heading, options) for heading, options in groups if options]


class VendorForm(Form):
    """What a vendor says of itself."""

    name = TextField(_l("Name"), most=160, required=True)
    street = TextField(_l("Street and number"), most=200)
    postcode = TextField(_l("Postcode"), most=20)
    city = TextField(_l("City"), most=100)
    country = ChoiceField(_l("Country"), options=countries)
    tax_number = TextField(_l("Tax number"), most=40, hint=_l("As it stands on invoices."))
    zone = ChoiceField(
        _l("Time zone"), options=zones, required=True, hint=_l("A new one is for orders from now on.")
    )
    currency = ChoiceField(
        _l("Currency"),
        options=currencies,
        required=True,
        hint=_l("Of new documents; others keep theirs."),
    )
    locale = ChoiceField(
        _l("Language"), required=True, hint=_l("Of mails, and of what you write where nothing else is said.")
    )
    languages = ChoicesField(
        _l("Also in these languages"),
        in_columns=True,
        hint=_l("Products and pages can be translated into them."),
    )
    version = VersionField()


class NewVendorForm(Form):
    """A vendor that begins, and whoever owns it."""

    name = TextField(_l("Name"), most=160, required=True)
    code = TextField(_l("Code"), most=32, required=True, hint=_l("In capitals. It stands in addresses."))
    zone = ChoiceField(_l("Time zone"), options=zones, required=True)
    currency = ChoiceField(_l("Currency"), options=currencies, required=True)
    platforms = ChoicesField(_l("Platforms"))
    email = EmailField(_l("Owner's e-mail address"), required=True, hint=_l("An invitation is sent there."))
    role = ChoiceField(_l("Owner's role"), required=True)


class ReasonForm(Form):
    """Why a vendor is suspended."""

    reason = TextField(_l("Reason"), most=300, required=True, hint=_l("The vendor's people read it."))


class SupportForm(Form):
    """Why somebody works for a vendor, and how long."""

    reason = TextField(_l("Reason"), most=300, required=True, hint=_l("The vendor reads it in its log."))
    minutes = ChoiceField(_l("For how long"), required=True)


class JoinForm(Form):
    """A platform for a vendor."""

    platform = ChoiceField(_l("Platform"), required=True)


class PlatformForm(Form):
    """What a platform is called."""

    name = TextField(_l("Name"), most=120, required=True)
    version = VersionField()


class NewPlatformForm(Form):
    """A platform that begins."""

    name = TextField(_l("Name"), most=120, required=True)
    code = TextField(
        _l("Code"),
        most=32,
        required=True,
        hint=_l("In small letters. It stands in addresses."),
    )


class DomainForm(Form):
    """A host name."""

    host = TextField(_l("Domain"), most=253, required=True, hint=_l("Such as shop.example.com"))
