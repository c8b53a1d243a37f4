"""What teams are told."""

from flask_babel import lazy_gettext as _l

from orion.contracts.notices import kind

JOINED = kind("tenancy.joined", "tenancy.team_view", _l("An invitation was accepted: %(role)s."), page="team")
