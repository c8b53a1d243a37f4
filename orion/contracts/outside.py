"""Asking other people's servers, safely: see orion.outside and orion.fetching."""

from orion.fetching import Away, Fetched, Limits, check_address, fetch, fetched_hosts
from orion.outside import Unreachable, page, txt_records

__all__ = [
    "Away",
    "Fetched",
    "Limits",
    "Unreachable",
    "check_address",
    "fetch",
    "fetched_hosts",
    "page",
    "txt_records",
]
