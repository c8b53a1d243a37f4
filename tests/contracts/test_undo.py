"""What modules can take back."""

import inspect

from flask import Flask

from orion.installation import Installation


def test_taking_back_needs_a_right_that_is_declared(app: Flask, code: str) -> None:
    orion: Installation = app.extensions["orion"]
    for name, function in orion.modules[code].functions("undo").items():
        assert getattr(function, "permission", None) in orion.registry.permissions, name
        assert next(iter(inspect.signature(function).parameters)) == "scope", name
