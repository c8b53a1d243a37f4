"""Settings come from the environment, each is documented, and a wrong one is named."""

from dataclasses import fields
from pathlib import Path

import pytest

from orion.settings import ROOT, Settings


def test_every_setting_is_documented() -> None:
    text = (ROOT / "docs" / "running.md").read_text()
    missing = [f.name for f in fields(Settings) if f"`ORION_{f.name.upper()}`" not in text]
    assert missing == []


def test_values_are_read_by_their_types() -> None:
    env = {
        "ORION_DATA": "/srv/x",
        "ORION_DEMO": "true",
        "ORION_METRIC_DEADLINE": "2",
        "ORION_TRUSTED_PROXIES": "1",
    }
    settings = Settings.from_env(env)
    assert settings.data == Path("/srv/x")
    assert (settings.demo, settings.metric_deadline, settings.trusted_proxies) == (True, 2.0, 1)


@pytest.mark.parametrize(
    ("name", "value"),
    [("ORION_DEMO", "perhaps"), ("ORION_WATCH_EVERY", "often"), ("ORION_TRUSTED_PROXIES", "1.5")],
)
def test_a_wrong_value_names_its_variable(name: str, value: str) -> None:
    with pytest.raises(ValueError, match=name):
        Settings.from_env({name: value})


@pytest.mark.parametrize("scheme", ["postgres", "postgresql", "postgresql+psycopg"])
def test_any_postgresql_url_gets_the_one_driver(scheme: str) -> None:
    assert Settings(database_url=f"{scheme}://me@here/there").database == "postgresql+psycopg://me@here/there"


def test_the_secret_is_made_once_for_its_owner_alone(tmp_path: Path) -> None:
    first, second = Settings(data=tmp_path).secret, Settings(data=tmp_path).secret
    assert first == second
    assert len(first) > 40
    assert (tmp_path / "secret.key").stat().st_mode & 0o077 == 0
