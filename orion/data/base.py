"""The declarative base of the engine's own models."""

from typing import Any

from orion.contracts.models import module_base

Base: Any = module_base("engine.orion")
