"""Asking other people's servers, safely: see orion.outside and orion.fetching."""

from orion.fetching import Fetched, check_address, fetch
from orion.outside import Unreachable, page, txt_records

__all__ = ["Fetched", "Unreachable", "check_address", "fetch", "page", "txt_records"]
