"""Every form of attack on every walled model of every module, under each kind of scope, in vain."""

import pytest

from orion.isolation.contract import Result, attack
from orion.isolation.forms import forms
from orion.isolation.heights import ALL_HEIGHTS, NO_HEIGHT, Height
from tests.isolation.conftest import SCOPES, Arenas, models_by_name, of_each_kind, share

pytestmark = pytest.mark.long

MODELS = models_by_name()
#: A model has so many forms at least, or where it has a share of them: how many exactly hangs on its columns.
FORMS, SHARE = 120, 20


def _least(table: str) -> int:
    return FORMS if table in of_each_kind() else SHARE


@pytest.mark.parametrize("scope", SCOPES)
@pytest.mark.parametrize("table", MODELS)
def test_no_attack_on_a_module_gets_at_anothers_row(arenas: Arenas, table: str, scope: str) -> None:
    attempts = attack(arenas(ALL_HEIGHTS), MODELS[table], scope, share(table, scope))
    assert [str(a) for a in attempts if a.is_breach or a.result is Result.WRONG] == []
    assert len(attempts) > _least(table)


@pytest.mark.parametrize("table", MODELS)
def test_without_a_wall_every_attack_succeeds(arenas: Arenas, table: str) -> None:
    attempts = attack(arenas(NO_HEIGHT), MODELS[table], "vendor", share(table, "vendor"), judge=False)
    provable = [
        a for a in attempts if not forms()[a.form].schema and forms()[a.form].stopped_by - {Height.DOORS}
    ]
    assert [str(a) for a in provable if not a.is_breach] == []
    assert len(provable) > _least(table)
