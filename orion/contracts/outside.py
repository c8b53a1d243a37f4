"""Asking other people's servers, safely: see orion.outside."""

from orion.outside import Unreachable, page, txt_records

__all__ = ["Unreachable", "page", "txt_records"]
