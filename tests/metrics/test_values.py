"""What a metric may answer."""

from decimal import Decimal

import pytest

from orion.contracts.metrics import MetricValue, Part
from orion.metrics.values import Garbage, checked, decode, dumps, encode

GOOD = [
    ("count", MetricValue(3, previous=0, spark=(1, 2))),
    ("quantity", MetricValue(-4, unit="kg")),
    ("bytes", MetricValue(10**12)),
    ("money", MetricValue(Decimal("1.50"), currency="EUR")),
    ("money", MetricValue(None)),
    ("money", MetricValue(None, currency="mixed", parts=[Part("EUR", Decimal(1)), Part("JPY", Decimal(2))])),
    ("percent", MetricValue(Decimal("12.5"))),
    ("series", MetricValue(3, parts=[Part("a", 1, at="2026-11-01"), Part("b", 2, at="2026-11-02")])),
    ("table", MetricValue(Decimal("2.00"), currency="EUR", parts=[Part("a", Decimal("2.00"), "A")])),
    ("status", MetricValue(0)),
    ("status", MetricValue(2, parts=[Part("open", 2, "Open")])),
]
BAD = [
    ("count", 3),
    ("count", None),
    ("count", "<b>3</b>"),
    ("count", MetricValue(True)),
    ("count", MetricValue(3.0)),  # type: ignore[arg-type]
    ("count", MetricValue(-1)),
    ("count", MetricValue(Decimal(3))),
    ("bytes", MetricValue(-1)),
    ("count", MetricValue(1, previous="2")),  # type: ignore[arg-type]
    ("count", MetricValue(1, spark=(float("nan"),))),  # type: ignore[arg-type]
    ("count", MetricValue(1, spark="12")),  # type: ignore[arg-type]
    ("count", MetricValue(1, parts=[object()])),  # type: ignore[list-item]
    ("money", MetricValue(Decimal("1.50"))),
    ("money", MetricValue(150, currency="EUR")),
    ("money", MetricValue(Decimal("NaN"), currency="EUR")),
    ("money", MetricValue(Decimal(1), currency="euro")),
    ("money", MetricValue(Decimal(3), currency="mixed", parts=[Part("EUR", Decimal(3))])),
    ("money", MetricValue(None, currency="mixed")),
    ("percent", MetricValue(12)),
    ("series", MetricValue(3, parts=[Part("a", 3)])),
    ("series", MetricValue(3, parts=[Part("a", 3, at="yesterday")])),
    ("series", MetricValue(4, parts=[Part("a", 3, at="2026-11-01")])),
    ("table", MetricValue(None, parts=[Part("a", 3)])),
    ("status", MetricValue(2)),
    ("status", MetricValue(2, parts=[Part("open", 1), Part("done", 2)])),
    ("table", MetricValue(5000, parts=[Part("a", 1)] * 5000)),
]


@pytest.mark.parametrize(("kind", "value"), GOOD)
def test_an_answer_of_its_kind_is_taken(kind: str, value: MetricValue) -> None:
    assert checked(value, kind).value == value.value


@pytest.mark.parametrize(("kind", "value"), BAD)
def test_an_answer_that_cannot_be_of_its_kind_is_garbage(kind: str, value: object) -> None:
    with pytest.raises(Garbage):
        checked(value, kind)


@pytest.mark.parametrize(("kind", "value"), GOOD)
def test_an_answer_survives_being_kept_as_text(kind: str, value: MetricValue) -> None:
    import json

    clean = checked(value, kind)
    again = decode(json.loads(dumps(encode(clean))))
    assert again == clean
    assert type(again.value) is type(clean.value)
    assert [type(p.value) for p in again.parts] == [type(p.value) for p in clean.parts]


@pytest.mark.parametrize(
    ("amount", "currency", "shown"),
    [("5.125", "EUR", "5.12"), ("748957", "GBP", "748957.00"), ("12", "JPY", "12"), ("0", "KWD", "0.000")],
)
def test_money_has_the_places_of_its_currency(amount: str, currency: str, shown: str) -> None:
    assert encode(checked(MetricValue(Decimal(amount), currency=currency), "money"))["value"] == shown


def test_each_of_several_currencies_keeps_its_own_places() -> None:
    parts = [Part("EUR", Decimal("1.5")), Part("JPY", Decimal("7"))]
    clean = checked(MetricValue(None, currency="mixed", parts=parts), "money")
    assert [encode(clean)["parts"][i][1] for i in (0, 1)] == ["1.50", "7"]


def test_a_lazy_label_becomes_text() -> None:
    class Lazy:
        def __str__(self) -> str:
            return "Offen"

    clean = checked(MetricValue(1, parts=[Part("open", 1, Lazy())]), "status")
    assert clean.parts[0].label == "Offen"
