"""What imports tell people: whoever began one too, since it goes on without them."""

from flask_babel import lazy_gettext as _l

from orion.contracts.notices import kind

_VIEW, _PAGE, _KEY = "marketplace.view", "one", "file"

READY = kind("marketplace.ready", _VIEW, _l("%(name)s has been read: look at what it brings."), _PAGE, _KEY)
REFUSED = kind("marketplace.refused", _VIEW, _l("%(name)s can't be imported."), _PAGE, _KEY)
UNCLEAR = kind(
    "marketplace.unclear", _VIEW, _l("%(name)s was fetched: say how it is to be read."), _PAGE, _KEY
)
NOT_FETCHED = kind("marketplace.not_fetched", _VIEW, _l("%(name)s could not be fetched."), "feeds")
TAKEN_BACK = kind(
    "marketplace.taken_back", _VIEW, _l("What was published of %(name)s is taken back."), _PAGE, _KEY
)
PUBLISHED = kind("marketplace.published", _VIEW, _l("What was chosen of %(name)s is published."), _PAGE, _KEY)
