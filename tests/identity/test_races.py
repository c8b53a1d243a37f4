"""What counts once counts once for two who come at the same moment."""

import threading
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from passlib.totp import TOTP  # type: ignore[import-untyped]
from sqlalchemy import update

from orion.contracts.errors import Invalid
from orion.contracts.scope import system_scope
from orion.data.database import entered
from orion.identity import factors, totp
from orion.identity.models import User
from orion.identity.spent import spend
from orion.identity.vault import seal


@pytest.fixture
def together(site: Flask) -> Callable[[Callable[[], Any]], list[bool]]:
    """Whether each of six who do the same in transactions of their own succeeds."""

    def run(act: Callable[[], Any]) -> list[bool]:
        done, start = [], threading.Barrier(6)

        def one() -> None:
            with site.app_context(), entered(system_scope("sign_in"), write=True) as session:
                start.wait()
                try:
                    right = act() is not False
                    session.commit()
                except Invalid:
                    right = False
                done.append(right)

        threads = [threading.Thread(target=one) for _ in range(6)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        return done

    return run


def test_a_recovery_code_lets_one_in(site: Flask, together: Any, person: Callable[[], User]) -> None:
    user = person()
    with site.app_context(), entered(system_scope("command"), write=True) as session:
        code = factors.new_codes(user)[0]
        session.commit()
    assert sorted(together(lambda: factors.take_recovery_code(user, code))) == [False] * 5 + [True]


def test_a_code_of_the_app_lets_one_in(
    site: Flask, together: Any, person: Callable[[], User], rows: Any
) -> None:
    key = totp.new_key()
    with site.app_context():
        sealed = seal(key)
    with rows() as session:
        session.execute(update(User).values(totp_secret=sealed))
    user, code = person(), str(TOTP(key=key).generate().token)
    assert sorted(together(lambda: factors.take_code(user, code))) == [False] * 5 + [True]


def test_a_challenge_lets_one_in(together: Any) -> None:
    assert sorted(together(lambda: spend(b"a challenge", timedelta(minutes=1)))) == [False] * 5 + [True]
