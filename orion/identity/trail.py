"""What happens to accounts, told in one place: to the log, and to whoever keeps the audit log."""

import logging
from collections.abc import Mapping
from typing import Any

from flask_babel import lazy_gettext as _l

from orion.contracts import audit
from orion.identity.models import User

log = logging.getLogger("orion.identity")

ACCOUNT_MADE = audit.action("orion.account_made", _l("An account was made"))
SWITCHED_OFF = audit.action("orion.account_switched_off", _l("An account was switched off by an operator"))
SIGNED_IN = audit.action("orion.signed_in", _l("Signed in"))
HELD_UP = audit.action("orion.sign_in_held_up", _l("Many wrong passwords in a row"))
WRONG_CODES = audit.action("orion.second_factor_wrong", _l("Wrong codes after the right password"))
FACTOR_ADDED = audit.action("orion.factor_added", _l("A way to sign in was added"))
FACTOR_REMOVED = audit.action("orion.factor_removed", _l("A way to sign in was removed"))
FACTORS_RESET = audit.action("orion.factors_reset", _l("The second factor was reset by an operator"))
CODES_RENEWED = audit.action("orion.codes_renewed", _l("New recovery codes were made"))
PASSWORD_CHANGED = audit.action("orion.password_changed", _l("The password was changed"))
PASSWORD_RESET = audit.action("orion.password_reset", _l("The password was reset by a mail"))
EMAIL_CHANGED = audit.action("orion.email_changed", _l("The e-mail address was changed"))
SESSIONS_ENDED = audit.action("orion.sessions_ended", _l("Sessions were ended"))


def note(
    what: audit.Action,
    user: User,
    *,
    before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None,
    by_operator: bool = False,
) -> None:
    """Tell that something happened to a person's account, after it was committed or in the writing frame of
    a command. Nothing in `before` and `after` is secret."""
    log.info(what.id, extra={"account": user.id} | (dict(after or {}) if by_operator else {}))
    subject = audit.Subject("user", user.id, user.email)
    who = {"who": "orion"} if by_operator else audit.as_doer(user)
    audit.record(None, what, subject, before, after, **who)
