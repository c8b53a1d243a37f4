"""The rule that somebody is always left who can manage the people of a place."""

from flask_babel import gettext as _
from sqlalchemy import select

from modules.tenancy.models import Membership
from modules.tenancy.services.places import MANAGE, Post, post_of
from orion.contracts.data import session
from orion.contracts.errors import Conflict
from orion.contracts.people import User


def lock(post: Post) -> None:
    """Let nobody else change who works at the place until this is done: two administrators who remove each
    other at the same moment would both be right."""
    session().execute(
        select(Membership.id).where(post.of(Membership)).order_by(Membership.id).with_for_update()
    )


def administrators(post: Post) -> list[Membership]:
    """Who can manage the people of a place, and can sign in."""
    members = (
        select(Membership).join(User, User.id == Membership.user_id).where(post.of(Membership), User.active)
    )
    return [m for m in session().scalars(members) if is_administrator(m)]


def is_administrator(member: Membership) -> bool:
    """Whether somebody's role allows them to manage people."""
    return member.held.everything or MANAGE in member.held.permissions


def keep_an_administrator(member: Membership) -> None:
    """Raise Conflict where, after a change, nobody is left at the member's place who can manage people."""
    if not administrators(post_of(member)):
        raise Conflict(
            _("Somebody must be left who can manage people. Give that right to somebody else first.")
        )
