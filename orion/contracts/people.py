"""The people who sign in. Their memberships are kept by whoever answers PermissionSource."""

from orion.identity.models import User, UserWord
from orion.identity.services import check_password, create_user, find_user
from orion.identity.visit import current_visit

__all__ = ["User", "UserWord", "check_password", "create_user", "find_user", "person_here"]


def person_here() -> User | None:
    """Who is signed in: for views alone. Detached; None for a stranger."""
    visit = current_visit()
    return visit.user if visit is not None else None
