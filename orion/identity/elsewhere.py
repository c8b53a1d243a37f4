"""What somebody may do at another place than that of the request."""

import json

from flask import current_app
from sqlalchemy import String, cast, select

from orion.contracts.errors import NotFound
from orion.contracts.permissions import Access, Place
from orion.contracts.scope import system_scope
from orion.data.database import entered
from orion.identity.models import User


def access_at(user_id: int, place: Place, reason: str) -> Access:
    """A person's access at a place, read anew. Raises what PermissionSource.access raises, and NotFound where
    nobody keeps memberships."""
    orion = current_app.extensions["orion"]
    source = orion.permission_source
    if source is None:
        raise NotFound()
    user = User.__table__.c
    asked = select(cast(source.rights(user.id, place), String)).where(user.id == user_id, user.active)
    with entered(system_scope(reason)) as reading:
        rights = reading.scalar(asked)
    access: Access = source.access(json.loads(rights or "null"), place, orion.registry.permissions)
    return access
