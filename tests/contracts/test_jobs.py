"""What modules do in the background."""

import inspect

from flask import Flask

from orion.installation import Installation


def test_a_job_needs_a_right_that_is_declared(app: Flask, code: str) -> None:
    orion: Installation = app.extensions["orion"]
    for name, function in orion.modules[code].functions("jobs").items():
        assert getattr(function, "permission", None) in orion.registry.permissions, name
        assert list(inspect.signature(function).parameters) == ["scope", "work"], name
