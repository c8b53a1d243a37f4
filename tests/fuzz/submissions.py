"""Forms that are sent: others' own, own ones with others' ids, and own ones with anything in them."""

import random
from collections.abc import Sequence
from dataclasses import replace
from urllib.parse import quote, unquote, urlencode, urlsplit

from tests.fuzz.attacks import Attack, Attacker, as_sent, put
from tests.fuzz.browser import Pairs, Question
from tests.fuzz.crawl import FRAGMENT, Reached
from tests.fuzz.hostile import Filler
from tests.fuzz.markup import Field, Form
from tests.fuzz.stage import Person, Stage
from tests.fuzz.words import never

#: Fields that hold an id and not what somebody typed.
CHOSEN = frozenset({"hidden", "select", "radio", "checkbox"})
TOKEN = "csrf_token"
#: The field that says which state of a row was edited: a number, and nobody's id.
VERSION = "version"


class Submitter:
    """Makes up submissions for one person."""

    def __init__(
        self, stage: Stage, person: Person, own: Reached, others: Sequence[Reached], rng: random.Random
    ) -> None:
        self.stage, self.person, self.own, self.others, self.rng = stage, person, own, others, rng
        self.filler = Filler(rng)
        self.attacker = Attacker(stage, person, own, others, rng)

    def random_one(self, token: str) -> Question | None:
        """An own form with anything in it."""
        form = self._own_form(self.rng.random() < 0.15)
        if form is None:
            return None
        fields = [one for one in form.fields if one.name and one.name != TOKEN]
        files = self.filler.files(fields)
        fields = [one for one in fields if one.kind != "file"]
        pairs = self.filler.filled([*fields, *self._button(form)])
        if form.method == "GET":
            return Question(
                "GET", f"{form.action.partition('?')[0]}?{urlencode(pairs, errors='surrogatepass')}"
            )
        parts = bool(files) or form.encoding == "multipart/form-data" or self.rng.random() < 0.05
        headers = FRAGMENT if self.rng.random() < 0.2 else ()
        return Question(form.method, form.action, (*pairs, (TOKEN, token)), headers, files, parts)

    def foreign_one(self, token: str) -> Attack | None:
        """Somebody else's form as they have it, or an own one in which an id is somebody else's."""
        theirs = [form for reached in self.others for form in reached.all_forms]
        if self.rng.random() < 0.5 and theirs:
            return self._theirs(self.rng.choice(theirs), token)
        form = self._own_form(False)
        return self._swapped(form, token) if form else None

    def _theirs(self, form: Form, token: str) -> Attack:
        move = self.person.places and self.rng.random() < 0.4
        action = self.attacker.moved(form.action) if move else form.action
        data = [(one.name, self.filler.plausible(one)) for one in form.fields if one.name != TOKEN]
        values = {value: never(value, self.rng) for value in self.attacker.foreign_in(action)}
        return self._attack(form, action, data, token, values)

    def _swapped(self, form: Form, token: str) -> Attack | None:
        fields = [one for one in form.fields if one.name and one.name != TOKEN]
        ids = [one for one in fields if one.name != VERSION and (one.offers or one.kind == "hidden")]
        ids = [one for one in ids if one.kind in CHOSEN]
        parts = [
            part
            for part in urlsplit(form.action).path.split("/")
            if self.stage.holdings.column_of(unquote(part))
        ]
        in_path = bool(parts) and (not ids or self.rng.random() < 0.5)
        if not in_path and not ids:
            return None
        own = unquote(self.rng.choice(parts)) if in_path else ""
        chosen = None if in_path else self.rng.choice(ids)
        value = self.attacker.foreign_value(
            form.action, own or (chosen.value if chosen else ""), chosen.name if chosen else ""
        )
        if value is None or (chosen and value in chosen.offers):
            return None
        data = [(one.name, value if one is chosen else self.filler.plausible(one)) for one in fields]
        action = (
            form.action.replace(quote(own, safe=""), quote(value, safe=""), 1) if in_path else form.action
        )
        instead = never(value, self.rng)
        attack = self._attack(form, action, data, token, {value: instead})
        if chosen is None or attack.never is None:
            return attack
        # The same number may stand in other fields too, and mean something else there.
        sent = tuple((n, instead if (n, v) == (chosen.name, value) else v) for n, v in attack.foreign.data)
        return replace(attack, never=replace(attack.never, data=sent))

    def _attack(
        self, form: Form, action: str, data: list[tuple[str, str]], token: str, values: dict[str, str]
    ) -> Attack:
        data = [*data, *((one.name, one.value) for one in self._button(form)), (TOKEN, token)]
        one = Question(
            form.method, as_sent(action), tuple(data), parts=form.encoding == "multipart/form-data"
        )
        return Attack(one, replace(one, address=put(action, values), data=_instead(one.data, values)), values)

    def _own_form(self, reading: bool) -> Form | None:
        """Each shape of form is as likely as any other."""
        if reading and self.own.read_forms:
            return self.rng.choice(self.own.read_forms)
        shapes = list(self.own.forms.values())
        return self.rng.choice(self.rng.choice(shapes)) if shapes else None

    def _button(self, form: Form) -> list[Field]:
        return [self.rng.choice(form.buttons)] if form.buttons else []


def _instead(data: Pairs, values: dict[str, str]) -> Pairs:
    return tuple((name, values.get(value, value)) for name, value in data)
