"""Who somebody is: people, signing in and out, server-side sessions."""

from orion.identity.confirm import demand
from orion.identity.links import refuse_unknown
from orion.identity.second_factor import demand_second
from orion.identity.security import init_app

__all__ = ["demand", "demand_second", "init_app", "refuse_unknown"]
