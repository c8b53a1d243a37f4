"""Writes: inviting people by mail, and what becomes of the invitation."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import Select, select

from modules.tenancy import actions, notices
from modules.tenancy.models import Invitation, Membership
from modules.tenancy.services.common import added
from modules.tenancy.services.places import Post, post_of
from modules.tenancy.services.roles import role_by_key
from modules.tenancy.services.team import add_member, check_may_give, role_columns
from orion.contracts.audit import Action, Subject, as_doer, record
from orion.contracts.data import entered, session, system_scope
from orion.contracts.errors import Conflict, Invalid, NotFound
from orion.contracts.mail import MailFailed, public_link, send
from orion.contracts.notices import tell
from orion.contracts.people import User
from orion.contracts.scope import Scope

#: How long an invitation can be accepted.
GOOD_FOR = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Offer:
    """What an invitation offers, for the page behind the link. `known`: the person has an account."""

    email: str
    place: str
    role: str
    invited_by: str
    home: str
    known: bool


def invite(scope: Scope, post: Post, *, email: str, role: str, inviter: str, locale: str = "") -> Invitation:
    """Ask somebody to join a place in a role (by its key), by a link in a mail that is good for a week.

    An open invitation of the same person to the same place is replaced. Raises Invalid for somebody who
    works there already, for a role that allows more than the inviter may, and when no mail can be sent.
    """
    held = role_by_key(post, role)
    check_may_give(scope, held)
    _check_new(post, email)
    for old in session().scalars(_open(post).where(Invitation.email == email)):
        old.revoked_at = _now()
    invitation = Invitation(
        level=post.level,
        email=email,
        created_at=_now(),
        invited_by=inviter,
        **post.owner,
        **role_columns(held),
    )
    _mail(invitation, post, locale)
    added(invitation)
    _record(scope, actions.INVITED, invitation, {"role": held.name, "place": post.code})
    return invitation


def invite_again(scope: Scope, invitation: Invitation, locale: str = "") -> None:
    """Send another link; the earlier one is worth nothing from then on. Raises as `invite` does."""
    check_may_give(scope, invitation.held)
    _mail(invitation, post_of(invitation), locale)
    session().flush()
    _record(scope, actions.INVITED_AGAIN, invitation, None)


def revoke(scope: Scope, invitation: Invitation) -> None:
    """Take an invitation back."""
    invitation.revoked_at = _now()
    session().flush()
    _record(scope, actions.INVITATION_REVOKED, invitation, None)


def revoke_all(scope: Scope, ids: Sequence[int]) -> list[str]:
    """Take invitations back, by the numbers of their rows; gives their public ids."""
    found = session().scalars(select(Invitation).where(Invitation.id.in_(ids))).all()
    for invitation in found:
        revoke(scope, invitation)
    return [invitation.public_id for invitation in found]


def offer(token: str) -> Offer:
    """What a link offers. Raises NotFound for one that is wrong, used, revoked or too old."""
    with entered(system_scope("sign_in")) as reading:
        found = _by_token(token)
        user = reading.scalar(select(User.id).where(User.email == found.email))
        post = post_of(found)
        home = f"/vendor/{post.code}/" if post.level == "vendor" else "/admin/"
        return Offer(found.email, post.name, found.held.name, found.invited_by, home, user is not None)


def accept(scope: Scope, token: str, user: User) -> Membership:
    """Let somebody join the place that they were invited to. Their address must be the one that the link
    was sent to.

    Runs under a scope that sees all. Raises NotFound as `offer` does, and Conflict for another person.
    """
    found = _by_token(token, lock=True)
    if user.email != found.email:
        raise Conflict(_("This invitation is for %(email)s.", email=found.email))
    post = post_of(found)
    found.accepted_at = _now()
    by = as_doer(user)
    member = add_member(
        scope, user.id, found.held, _now().date(), vendor=found.vendor, platform=found.platform, by=by
    )
    facts = {"role": found.held.name, "place": post.code}
    _record(scope, actions.INVITATION_ACCEPTED, found, facts, **by)
    here = {"vendor_id": found.vendor_id, "platform_id": found.platform_id}
    tell(scope, notices.JOINED, **here, actor_id=user.id, role=found.held.name)
    return member


def _by_token(token: str, lock: bool = False) -> Invitation:
    found = select(Invitation).where(
        Invitation.token_hash == _hash(token),
        Invitation.accepted_at.is_(None),
        Invitation.revoked_at.is_(None),
        Invitation.expires_at > _now(),
    )
    invitation = session().scalar(found.with_for_update() if lock else found)
    if invitation is None:
        raise NotFound(_("This invitation has been used, taken back, or is too old. Ask for a new one."))
    return invitation


def _check_new(post: Post, email: str) -> None:
    here = select(Membership.id).join(User, User.id == Membership.user_id)
    if session().scalar(here.where(post.of(Membership), User.email == email)):
        sentence = _("%(email)s works here already.", email=email)
        raise Invalid(sentence, {"email": [sentence]})


def _mail(invitation: Invitation, post: Post, locale: str) -> None:
    """A new link, in a mail that leaves with the transaction."""
    token = secrets.token_urlsafe(32)
    invitation.token_hash, invitation.expires_at = _hash(token), _now() + GOOD_FOR
    _send(
        invitation.email,
        _l("You are invited to work with %(place)s", place=post.name),
        "tenancy/mail/invitation",
        locale=locale,
        link=public_link("tenancy_account.invitation", token=token),
        place=post.name,
        inviter=invitation.invited_by,
        days=GOOD_FOR.days,
    )


def _send(to: str, subject: object, template: str, **context: Any) -> None:
    try:
        send(to, subject, template, **context)
    except MailFailed as error:
        raise Invalid(error.message, {"email": [error.message]}) from error


def _open(post: Post) -> Select[Invitation]:
    return select(Invitation).where(
        post.of(Invitation), Invitation.accepted_at.is_(None), Invitation.revoked_at.is_(None)
    )


def _record(
    scope: Scope, what: Action, invitation: Invitation, after: dict[str, object] | None, **by: Any
) -> None:
    record(
        scope,
        what,
        Subject("invitation", invitation.public_id, invitation.email),
        after=after,
        vendor_id=invitation.vendor_id,
        platform_id=invitation.platform_id,
        **by,
    )


def _hash(token: str) -> str:
    return sha256(token.encode()).hexdigest()


def _now() -> datetime:
    return datetime.now(UTC)
