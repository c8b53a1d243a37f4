"""What the customer list does to many customers at once."""

from collections.abc import Sequence

from flask_babel import lazy_gettext as _l
from flask_babel import ngettext

from modules.customers import profiles
from modules.customers.forms import TagForm
from orion.contracts.forms import Undo
from orion.contracts.lists import Action, Outcome
from orion.contracts.scope import Scope


def _tag(scope: Scope, keys: Sequence[int], name: str) -> Outcome:
    new = profiles.tag_all(scope, keys, name)
    said = ngettext("One customer has the tag now.", "%(num)s customers have the tag now.", len(new))
    return Outcome(said, Undo("customers.untag", ids=new, tag=name))


def _untag(scope: Scope, keys: Sequence[int], name: str) -> Outcome:
    gone = profiles.untag_all(scope, keys, name)
    return Outcome(ngettext("One customer lost the tag.", "%(num)s customers lost the tag.", gone))


ACTIONS = (
    Action(name="tag", label=_l("Add a tag"), permission="customers.edit", run=_tag, form=TagForm),
    Action(name="untag", label=_l("Remove a tag"), permission="customers.edit", run=_untag, form=TagForm),
)
