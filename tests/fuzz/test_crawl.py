"""Nobody ever sees another's row: a share of what `python -m tests.fuzz` asks, the same each time."""

import pytest

from tests.fuzz.markup import Form
from tests.fuzz.run import Run

pytestmark = pytest.mark.long

#: Requests that read, beyond those of the walk, and submissions, by kind of database.
QUESTIONS = {"sqlite": 1000, "postgresql": 500}
SUBMISSIONS = {"sqlite": 2000, "postgresql": 1000}


def test_nobody_is_told_what_is_others(run: Run, database_kind: str) -> None:
    run.walk()
    run.read(QUESTIONS[database_kind])
    print("\n".join(run.figures.lines()))
    assert run.figures.defects == {}
    assert run.figures.pairs > QUESTIONS[database_kind] / 5
    _everybody_came_somewhere(run)
    assert {"body", "header", "cache"} <= run.figures.looked_at.keys()


def test_every_form_takes_anything_and_changes_nothing_of_others(run: Run, database_kind: str) -> None:
    run.walk()
    run.write(SUBMISSIONS[database_kind])
    print("\n".join(run.figures.lines()))
    assert run.figures.defects == {}
    assert run.figures.submissions >= SUBMISSIONS[database_kind]
    assert run.figures.accepted > SUBMISSIONS[database_kind] / 20
    _everybody_came_somewhere(run)
    assert {"body", "header", "log", "mail", "row"} <= run.figures.looked_at.keys()
    # An htmx attribute without fields sends those of the form around it.
    assert [form for form in _forms(run) if form.fields and "csrf_token" not in dict(form.values)] == []


def _forms(run: Run) -> list[Form]:
    return [form for crawler in run.crawlers.values() for form in crawler.reached.all_forms]


def _everybody_came_somewhere(run: Run) -> None:
    for person in run.stage.people:
        assert run.figures.found[person.name, "forms"] > 0
        assert run.figures.found[person.name, "URLs"] > (20 if person.email else 0)


@pytest.mark.only_on("sqlite")
@pytest.mark.parametrize("name", ["owner", "books", "platform"])
def test_what_others_have_changes_nothing_that_one_sees(run: Run, name: str) -> None:
    person = next(person for person in run.stage.people if person.name == name)
    run.walk()
    reached = run.crawlers[name].reached
    pages = [found[0] for found in reached.addresses.values() if found[0].startswith(("/vendor", "/admin"))]
    before = run.texts(person, pages)
    assert len(pages) > 20
    assert run.stage.forget_all_but(person) > 200
    assert run.texts(person, pages) == before
