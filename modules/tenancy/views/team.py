"""Teams: inviting people, changing what they may do, and letting them go."""

from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from modules.tenancy import queries, services
from modules.tenancy.forms import InviteForm, MemberForm, role_options
from modules.tenancy.services import Post
from modules.tenancy.views.place import here
from orion.contracts.data import session
from orion.contracts.forms import Undo, done, form_page
from orion.contracts.pages import render
from orion.contracts.people import User, person_here
from orion.contracts.scope import Scope


def invite(scope: Scope, post: Post, back: str) -> ResponseReturnValue:
    """Invite somebody to a place."""
    form = InviteForm()
    form.role.options = role_options(scope, post)
    if form.sent():
        with form.attempt():
            services.invite(scope, post, inviter=_name(), locale=_locale(post), **form.given())
            return done(_("An invitation is on its way to %(email)s.", email=form.email.data), back)
    title = _("Invite somebody to %(place)s", place=post.name)
    return form_page(form, title=title, submit=_("Send the invitation"), back=back)


def member(scope: Scope, public_id: str) -> ResponseReturnValue:
    """One person's work at a place: their role, and the door."""
    found = queries.member(scope, public_id)
    post = services.post_of(found)
    form = MemberForm(role=found.held.key)
    form.role.options = role_options(scope, post, found.held)
    if form.sent():
        before = found.held.key
        with form.attempt():
            services.change_role(scope, found, form.role.data)
            undo = Undo("tenancy.former_role", member=public_id, role=before)
            return done(_("The role is changed. It counts from now on."), here(scope, "team"), undo)
    user = session().get_one(User, found.user_id)
    return form_page(
        form, "tenancy/member.html", member=found, user=user, post=post, team=here(scope, "team")
    )


def remove(scope: Scope, public_id: str) -> ResponseReturnValue:
    """Let somebody go: from their next request on they are a stranger here."""
    found = queries.member(scope, public_id)
    kept = services.remove_member(scope, found)
    return done(_("Removed from the team."), here(scope, "team"), Undo("tenancy.put_back", **kept))


def invitation(scope: Scope, public_id: str) -> ResponseReturnValue:
    """One open invitation."""
    found = queries.invitation(scope, public_id)
    return render(
        "tenancy/invitation.html",
        invitation=found,
        post=services.post_of(found),
        again=here(scope, "invite_again", public_id=public_id),
        revoke=here(scope, "revoke", public_id=public_id),
        all=here(scope, "invitations"),
        team=here(scope, "team"),
    )


def invite_again(scope: Scope, public_id: str) -> ResponseReturnValue:
    """Send another link."""
    found = queries.invitation(scope, public_id)
    services.invite_again(scope, found, _locale(services.post_of(found)))
    return done(_("Another mail is on its way to %(email)s.", email=found.email), here(scope, "invitations"))


def revoke(scope: Scope, public_id: str) -> ResponseReturnValue:
    """Take an invitation back."""
    services.revoke(scope, queries.invitation(scope, public_id))
    undo = Undo("tenancy.invitation_stands", invitation=public_id)
    return done(_("The invitation is taken back."), here(scope, "invitations"), undo)


def _name() -> str:
    person = person_here()
    return (person.name or person.email) if person else ""


def _locale(post: Post) -> str:
    return post.vendor.locale if post.vendor else ""
