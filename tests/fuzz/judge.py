"""The verdict on an answer: nothing foreign in it, no error, no markup let out; and on pairs of answers."""

import re
from collections.abc import Iterable, Mapping, Sequence

from orion.data.tables import metadata, wall_of
from tests.fuzz.browser import Answer, Question, plain
from tests.fuzz.figures import Figures
from tests.fuzz.markup import ATTRIBUTE, TAG, Page, read
from tests.fuzz.pairs import differing
from tests.fuzz.planting import Cell
from tests.fuzz.stage import Person, Stage, place_of
from tests.fuzz.words import words_in

_RUN = re.compile(r"[A-Za-z0-9]{6,}")
#: A mark that a test's own input must never become.
FORGED = "zx-forged"


class Judge:
    """Looks at every answer that a person gets."""

    def __init__(self, stage: Stage, figures: Figures) -> None:
        self.stage, self.figures = stage, figures
        #: What somebody wrote into their own rows: to be met again there.
        self.written: set[str] = set()

    def look(self, person: Person, answer: Answer, follow: bool = True) -> Page:
        """Judge one answer; gives what it leads to, with `follow` whatever it is."""
        self.figures.count(person.name, answer.status)
        if answer.status >= 500:
            said = next((line for line in answer.logged if "error" in line), "")
            self.figures.defect(
                "5xx", self.endpoint(answer.question), f"{answer.status} {answer.question} {said[-600:]}"
            )
        self._foreign(person, answer)
        strange = any(mark in answer.text.lower() for mark in (TAG, ATTRIBUTE, "javascript:"))
        reading = answer.is_page and (follow or strange)
        page = read(answer.text, answer.question.address) if reading else Page()
        for markup in page.escaped:
            self.figures.defect(
                "escaped", self.endpoint(answer.question), f"{markup[:120]} ← {answer.question}"
            )
        if any(FORGED in name.lower() for name in answer.headers):
            self.figures.defect("escaped", "header", str(answer.question))
        return page

    def differ(
        self,
        person: Person,
        foreign: Answer,
        never: Answer,
        values: Mapping[str, str],
        earlier: Sequence[Answer],
    ) -> None:
        """Note that an answer tells what exists."""
        lines = [
            f"{a.strip()[:300]} ≠ {b.strip()[:300]}" for a, b in differing(foreign, never, values, earlier)
        ]
        what = f"{foreign.status} {foreign.question} ≠ {never.status} {never.question}: {lines[:1]}"
        self.figures.defect("oracle", f"{person.name} {self.endpoint(foreign.question)}", what)

    def endpoint(self, question: Question) -> str:
        """Where a question goes, as the application calls it."""
        try:
            adapter = self.stage.app.url_map.bind("localhost")
            return str(adapter.match(question.path, method=question.method)[0])
        except Exception:
            return f"no page at /{question.path.strip('/').partition('/')[0]}"

    # -- one answer -------------------------------------------------------------------------------

    def _foreign(self, person: Person, answer: Answer) -> None:
        told = plain(answer.text)
        headers = " ".join(f"{name} {value}" for name, value in answer.headers.items())
        self._search(person, answer, "body", told)
        self._search(person, answer, "header", headers)
        for line in answer.logged:
            self._search(person, answer, "log", line)
        for entry in answer.cached:
            self._search(person, answer, "cache", entry)
        for mail in answer.mails:
            to = next(
                (p for p in self.stage.people if p.email and p.email in str(mail["To"]).lower()), person
            )
            body = mail.get_body()
            text = f"{mail['Subject']} {body.get_content() if body else ''}"
            self._search(person, answer, "mail", text, also=to)

    def _search(
        self, person: Person, answer: Answer, where: str, text: str, also: Person | None = None
    ) -> None:
        self.figures.looked_at[where] += 1
        for word, cells in self._cells(text):
            if word in self.written or word in answer.question.sent.lower() or word in answer.question.sent:
                continue
            seen = (self._may_see(person, cell, answer.question.address) for cell in cells)
            if any(seen) or (also and any(self._knows(also, cell) for cell in cells)):
                continue
            if self._may_see_now(person, cells, answer.question.address):
                continue
            kind = f"{where} of {person.name} at {self.endpoint(answer.question)}: {cells[0].place}"
            self.figures.defect("leak", kind, f"{word} ({cells[0]}) ← {answer.question}")

    def _cells(self, text: str) -> Iterable[tuple[str, list[Cell]]]:
        """What is foreign to somebody in a text, with the places where it stands."""
        holdings = self.stage.holdings
        for word in words_in(text):
            if word in holdings.words:
                yield word, holdings.words[word]
        for mark in holdings.marks.keys() & set(_RUN.findall(text)):
            yield mark, [holdings.marks[mark]]

    def _may_see(self, person: Person, cell: Cell, address: str) -> bool:
        """At a place, what belongs there and the names of one's places; elsewhere, what one sees anywhere."""
        sight = self.stage.sight(person, address)
        if sight is not None and any(sight.sees(owner) for owner in cell.owners):
            return not is_public(address) or names_place(cell) or self._is_of(cell, address)
        return (sight is None or names_place(cell) or _themselves(person, cell)) and self._knows(person, cell)

    def _may_see_now(self, person: Person, cells: Sequence[Cell], address: str) -> bool:
        """Whether what was changed meanwhile lets somebody see it: a vendor may have joined a platform."""
        stage = self.stage.as_it_is()
        now = next((one for one in stage.people if one.name == person.name), person)
        judge = Judge(stage, self.figures)
        return any(judge._may_see(now, cell, address) for cell in cells)

    def _is_of(self, cell: Cell, address: str) -> bool:
        """Whether a row is of the module whose page this is: no other's rows are public there."""
        module = self.endpoint(Question("GET", address)).partition("_")[0]
        return cell.table.startswith(f"{module}_")

    def _knows(self, person: Person, cell: Cell) -> bool:
        if _themselves(person, cell):
            return True
        return any(sight.sees(owner) for sight in person.places.values() for owner in cell.owners)

    def look_at_row(self, person: Person, table: str, text: str) -> None:
        """Judge a row that this person's requests have written."""
        for word, cells in self._cells(text):
            if word not in self.written and not any(self._knows(person, cell) for cell in cells):
                where = f"row of {table} written by {person.name}"
                self.figures.defect("leak", where, f"{word} ({cells[0]}) in {text[:300]}")


def _themselves(person: Person, cell: Cell) -> bool:
    return cell.table == "orion_user" and cell.row_id == person.user_id


def names_place(cell: Cell) -> bool:
    """Whether a row is a vendor or a platform itself."""
    wall = wall_of(metadata.tables[cell.table])
    return wall is not None and "id" in wall.columns


def is_public(address: str) -> bool:
    """Whether a page is one of a vendor's shop, where that vendor's name is no secret."""
    return place_of(address)[0] == "shop"
