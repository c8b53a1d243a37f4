"""Customers with made-up names for every vendor: given and family names of several countries, mixed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import select

from modules.customers.models import Address, Customer
from modules.customers.services import ensure, record_activity
from modules.tenancy.api import vendor_codes
from orion.contracts.data import entered, insert_rows
from orion.contracts.scope import Scope
from orion.contracts.seed import SeedContext

GIVEN = (
    "Anouk",
    "Léa",
    "Mats",
    "Jonas",
    "Chiara",
    "Inês",
    "Tiago",
    "Marta",
    "Piotr",
    "Zofia",
    "Eva",
    "Lars",
    "Freja",
    "Noor",
    "Sami",
    "Yara",
    "Luc",
    "Margot",
    "Henrik",
    "Alba",
    "Giulia",
    "Bram",
    "Sanne",
    "Katrin",
    "Milan",
    "Petra",
    "Aino",
    "Leevi",
    "Aoife",
    "Ciarán",
    "Elif",
    "Emre",
)
FAMILY = (
    "Wagener",
    "Thill",
    "Laurent",
    "Moreau",
    "Keller",
    "Brandt",
    "Rossi",
    "Conti",
    "Almeida",
    "Duarte",
    "Nowak",
    "Kaminska",
    "Jansen",
    "Visser",
    "Lindqvist",
    "Holm",
    "Virtanen",
    "Korhonen",
    "Byrne",
    "Doyle",
    "Novák",
    "Dvořák",
    "García",
    "Molina",
    "Aydın",
    "Kaya",
    "Haddad",
    "Mansour",
)
Countries = Sequence[tuple[str, Sequence[str], int]]
#: Country, cities, and how often.
COUNTRIES: Countries = (
    ("LU", ("Luxembourg", "Esch-sur-Alzette", "Diekirch"), 5),
    ("DE", ("Trier", "Köln", "Berlin"), 4),
    ("FR", ("Metz", "Nancy", "Lyon"), 4),
    ("BE", ("Arlon", "Liège", "Gent"), 3),
    ("NL", ("Utrecht", "Maastricht"), 2),
)
#: Where many more live, by a part of the vendor's code.
NEAR: dict[str, tuple[str, Sequence[str], int]] = {
    "GLAS": ("CH", ("Schaffhausen", "Winterthur", "Basel"), 30)
}
STREETS = ("Rue du Moulin", "Lindenweg", "Rue de la Gare", "Am Markt", "Grand-Rue", "Kerkstraat")


def seed(context: SeedContext) -> None:
    """A transaction a vendor; a second run finds the same references and adds nothing."""
    wanted = {"small": 160, "large": 2000}[context.size]
    for code in vendor_codes(context.scope()):
        scope = context.scope(vendor=code)
        with entered(scope, write=True) as writing:
            near = tuple(country for part, country in NEAR.items() if part in code)
            drawn = [_customer(context, number, (*COUNTRIES, *near)) for number in range(1, wanted + 1)]
            known = set(writing.scalars(select(Customer.reference)))
            new = [person for person in drawn if person.row["reference"] not in known]
            _store(context, scope, new)
            writing.commit()


@dataclass(frozen=True, slots=True)
class _Person:
    """`row` is what `ensure` takes; `lives` is what an Address is made of."""

    row: dict[str, Any]
    lives: dict[str, str]


def _customer(context: SeedContext, number: int, countries: Countries) -> _Person:
    rng = context.rng
    country, cities, _weight = rng.choices(countries, weights=[weight for *_rest, weight in countries])[0]
    row = {
        "reference": f"K-{number:05}",
        "name": f"{rng.choice(GIVEN)} {rng.choice(FAMILY)}",
        "email": f"customer{number}@mail.example",
        "country": country,
        "joined_on": context.today - timedelta(days=rng.randint(0, 364)),
    }
    lives = {
        "line1": f"{rng.choice(STREETS)} {rng.randint(1, 120)}",
        "postcode": f"{rng.randint(1000, 9999)}",
        "city": rng.choice(cities),
        "country": country,
    }
    return _Person(row, lives)


def _store(context: SeedContext, scope: Scope, people: list[_Person]) -> None:
    """Customers, where they live, and the platform on which they signed up."""
    ids = ensure(scope, [person.row for person in people])
    insert_rows(
        scope, Address, [{"customer_id": ids[person.row["reference"]], **person.lives} for person in people]
    )
    platforms = sorted(scope.platforms) if isinstance(scope.platforms, frozenset) else []
    if platforms:
        record_activity(
            scope,
            [
                {
                    "customer_id": ids[person.row["reference"]],
                    "platform_id": context.rng.choice(platforms),
                    "business_date": person.row["joined_on"],
                    "times": 0,
                }
                for person in people
            ],
        )
