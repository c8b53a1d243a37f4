"""A run: every person walks, then asks for and sends what is not theirs."""

import math
import random
import re
from collections.abc import Sequence
from dataclasses import replace
from urllib.parse import unquote

from tests.fuzz.attacks import Attack, Attacker
from tests.fuzz.browser import Answer, Browser, Ear, Question
from tests.fuzz.crawl import Crawler, Reached
from tests.fuzz.figures import Figures
from tests.fuzz.judge import Judge
from tests.fuzz.pairs import alike, told
from tests.fuzz.stage import Person, Row, Stage, number_of
from tests.fuzz.submissions import TOKEN, Submitter
from tests.fuzz.words import words_in

#: What of a person's row others may not change; the rest notes when they signed in.
KEPT_OF_PEOPLE = ("email", "name", "password", "active")
PART = re.compile(r"\w+")
#: Times that a pair is asked before it counts as told apart.
TRIES = 5
#: Submissions after which a browser makes sure that it is signed in.
SETTLED = 15


class Run:
    """Everybody's browsers at one stage."""

    def __init__(self, stage: Stage, seed: int) -> None:
        self.stage, self.seed = stage, seed
        self.figures = Figures()
        self.judge = Judge(stage, self.figures)
        self.ear = Ear(stage.app)
        self.browsers = {person.name: Browser(stage, person, self.ear) for person in stage.people}
        self.crawlers = {name: Crawler(browser, self.judge) for name, browser in self.browsers.items()}
        self._round, self._walked = 0, False

    def begin(self) -> None:
        """Begin again, with what was there at first: only what everybody was led to is still known."""
        self.stage.put_back()
        for browser in self.browsers.values():
            browser.forget()
        self.figures.clear()
        self.judge.written.clear()
        self._round = 0
        self.ear.listen()

    def walk(self) -> None:
        """Let everybody follow their links, once."""
        if self._walked:
            return
        for name, crawler in self.crawlers.items():
            crawler.walk()
            self.figures.found[name, "URLs"] = len(crawler.reached.all_addresses)
            self.figures.found[name, "forms"] = len(crawler.reached.all_forms)
        self._walked = True

    # -- questions that only read -----------------------------------------------------------------

    def read(self, requests: int) -> None:
        """So many questions that only read, everybody in turn, all signed in: who wrote has been put back,
        with everybody's sessions."""
        self._round += 1
        for browser in self.browsers.values():
            browser.start()
        attackers = [Attacker(self.stage, p, *self._reached(p), self._rng(p)) for p in self.stage.people]
        goal, turn = self.figures.requests + requests, 0
        while self.figures.requests < goal:
            attacker = attackers[turn % len(attackers)]
            turn += 1
            attack = attacker.make()
            if attack is not None:
                self._try(attacker.person, attack)

    def _try(self, person: Person, attack: Attack) -> None:
        foreign = self.ask(person, attack.foreign)
        if attack.never is None:
            return
        self.figures.pairs += 1
        earlier: list[Answer] = []
        for _again in range(TRIES):  # the clock may have ticked in between
            never = self.ask(person, attack.never)
            if alike(foreign, never, attack.values, earlier):
                return
            earlier.append(never)
            foreign = self.ask(person, attack.foreign)
        self.judge.differ(person, foreign, never, attack.values, earlier)

    def texts(self, person: Person, addresses: Sequence[str]) -> dict[str, list[str]]:
        """What somebody reads at some addresses, without the lines that are new each time."""
        found = {}
        for address in addresses:
            one, other = (told(self.ask(person, Question("GET", address))) for _twice in range(2))
            found[address] = [line for line, again in zip(one, other, strict=True) if line == again]
        return found

    # -- submissions ------------------------------------------------------------------------------

    def write(self, submissions: int) -> None:
        """So many submissions. Each person begins with what was there at first, and leaves everybody else's
        rows as they were."""
        share = math.ceil(submissions / len(self.stage.people))
        self._round += 1
        for person in self.stage.people:
            self.stage.put_back()
            browser = self.browsers[person.name]
            browser.start()
            before = self.stage.rows()
            self._submit(browser, share)
            self._unharmed(person, before)
        self.stage.put_back()

    def _submit(self, browser: Browser, submissions: int) -> None:
        person = browser.person
        submitter = Submitter(self.stage, person, *self._reached(person), self._rng(person))
        goal, turn = self.figures.submissions + submissions, 0
        while self.figures.submissions < goal:
            turn += 1
            if turn % SETTLED == 0:
                browser.settle()
            token = browser.fresh_token()
            if turn % 3 == 0:
                attack = submitter.foreign_one(token)
                if attack is not None:
                    self._send_both(browser, attack)
                continue
            question = submitter.random_one(token)
            if question is None:
                return
            self._send(browser, question)

    def _send(self, browser: Browser, question: Question) -> Answer:
        """Send, and look where it leads."""
        # What a list was asked for stands in the address of a form that keeps the question.
        sent = " ".join([question.address, *(value for _name, value in question.data)])
        # Of an address the parts are written too: it may be kept as the way back, or as a list's question,
        # which stands in an address as an address does.
        parts = {value for _name, value in question.data} | set(PART.findall(unquote(unquote(sent))))
        self.judge.written |= words_in(sent) | (self.stage.holdings.marks.keys() & parts)
        answer = self.ask(browser.person, question)
        self.figures.submissions += 1
        self.figures.accepted += answer.status < 400
        if "orion_staff" in answer.headers.get("Set-Cookie", "") or answer.status == 400:
            browser.token = ""
        ahead = answer.headers.get("Location", "")
        if ahead.startswith("/") and not ahead.startswith("/login"):
            self.ask(browser.person, Question("GET", ahead))
        return answer

    def _send_both(self, browser: Browser, attack: Attack) -> None:
        assert attack.never is not None
        self.figures.pairs += bool(attack.values)
        earlier: list[Answer] = []
        for again in range(TRIES):  # the first may have changed what the second meets: they take turns
            order = (attack.foreign, attack.never) if again % 2 else (attack.never, attack.foreign)
            answers = {
                q: self._send(browser, replace(q, data=_with(q.data, browser.fresh_token()))) for q in order
            }
            foreign, never = answers[attack.foreign], answers[attack.never]
            if not attack.values or alike(foreign, never, attack.values, earlier):
                return
            earlier.append(never)
        self.judge.differ(browser.person, foreign, never, attack.values, earlier)

    # -- rows -------------------------------------------------------------------------------------

    def _unharmed(self, person: Person, before: dict[tuple[str, str], Row]) -> None:
        """No row of others was written, and nothing of theirs stands in a row that was."""
        after, now = self.stage.rows(), self.stage.look_again().get(person.name, person)
        for key in before.keys() | after.keys():
            old, new = before.get(key), after.get(key)
            if old is not None and new is not None and _kept(key, old) == _kept(key, new):
                continue
            self.figures.looked_at["row"] += 1
            owners = (old or new).owners  # type: ignore[union-attr]
            if owners and not any(
                s.sees(o) for p in (person, now) for s in p.places.values() for o in owners
            ):
                self.figures.defect("foreign write", f"{person.name} {key[0]}", f"{old} → {new}")
            self.judge.look_at_row(person, key[0], str(new.values) if new else "")

    # -- common -----------------------------------------------------------------------------------

    def ask(self, person: Person, question: Question) -> Answer:
        """Ask for somebody, judge the answer, and remember what it leads to."""
        answer, crawler = self.browsers[person.name].ask(question), self.crawlers[person.name]
        page = self.judge.look(person, answer, crawler.is_keen(question.address))
        crawler.note(answer, page)
        return answer

    def _reached(self, person: Person) -> tuple[Reached, Sequence[Reached]]:
        others = [c.reached for name, c in self.crawlers.items() if name != person.name]
        return self.crawlers[person.name].reached, others

    def _rng(self, person: Person) -> random.Random:
        return number_of(self.seed, f"{person.name} {self._round}")

    def close(self) -> None:
        """Stop listening."""
        self.ear.close()


def _with(data: Sequence[tuple[str, str]], token: str) -> tuple[tuple[str, str], ...]:
    return tuple((name, token if name == TOKEN else value) for name, value in data)


def _kept(key: tuple[str, str], row: Row) -> object:
    return [row.values[name] for name in KEPT_OF_PEOPLE] if key[0] == "orion_user" else row.values
