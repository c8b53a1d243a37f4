"""Metrics: asking modules for figures within deadlines, and showing the figures as tiles."""

from flask import Flask

from orion.metrics.machine import Machine
from orion.settings import Settings


def init_app(app: Flask, settings: Settings) -> None:
    """Set up the application's one machine for metrics, and the dashboards' pages."""
    from orion.metrics import views

    app.extensions["orion_metrics"] = Machine(app, settings)
    views.register(app)
