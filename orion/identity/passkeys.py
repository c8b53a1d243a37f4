"""Passkeys (WebAuthn level 2): what a browser is asked for, and whether what it answers is right.

A ceremony begins with options in the page, beside a signed note of what they were for; nothing is written
for strangers who only look. The note is good for a while and once.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from ipaddress import ip_address
from secrets import token_bytes
from typing import Any
from urllib.parse import urlsplit

import webauthn
from flask import current_app, request
from flask_babel import gettext as _
from itsdangerous import BadData, URLSafeTimedSerializer
from sqlalchemy import select, update
from webauthn.helpers import base64url_to_bytes, bytes_to_base64url, options_to_json
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    AuthenticatorTransport,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from orion.contracts.errors import Invalid
from orion.data.database import session
from orion.identity.models import Passkey, User, now
from orion.identity.spent import spend
from orion.settings import Settings

GOOD_FOR = timedelta(minutes=10)
#: Characters of an answer that are looked at: attestations of some makers are long.
LONGEST = 64 * 1024
#: What a passkey is asked for. Where nothing else was given, the device must know its person.
ADD, SIGN_IN, SECOND, CONFIRM = "add", "sign_in", "second", "confirm"
ALONE = frozenset({SIGN_IN, CONFIRM})


@dataclass(frozen=True, slots=True)
class Ceremony:
    """`options` is JSON for the browser; `state` comes back with its answer."""

    options: str
    state: str


@dataclass(frozen=True, slots=True)
class Site:
    """Who we are to a passkey: it works for this name alone."""

    name: str
    origin: str


def site() -> Site | None:
    """This site; None where browsers know no passkeys: at an address of numbers, or without https."""
    settings: Settings = current_app.extensions["settings"]
    parts = urlsplit(settings.public_url or request.host_url)
    name = parts.hostname or ""
    local = name == "localhost" or name.endswith(".localhost")
    if _is_number(name) or not name or not (local or parts.scheme == "https"):
        return None
    return Site(name, f"{parts.scheme}://{parts.netloc}")


def offer_new(user: User, known: Sequence[Passkey]) -> Ceremony | None:
    """What makes a new passkey, other than those that are known. None where there are none (see site)."""
    here = site()
    if here is None:
        return None
    options = webauthn.generate_registration_options(
        rp_id=here.name,
        rp_name="Orion",
        user_id=user.passkey_handle.encode(),
        user_name=user.email,
        user_display_name=user.name or user.email,
        challenge=token_bytes(32),
        exclude_credentials=_described(known),
        authenticator_selection=AuthenticatorSelectionCriteria(
            resident_key=ResidentKeyRequirement.PREFERRED,
            user_verification=UserVerificationRequirement.PREFERRED,
        ),
    )
    return Ceremony(options_to_json(options), _note(ADD, options.challenge, user))


def offer(use: str, user: User | None = None, known: Sequence[Passkey] = ()) -> Ceremony | None:
    """What asks for a passkey: one of those that are known, or without a person any of this site's."""
    here = site()
    if here is None or (user is not None and not known):
        return None
    options = webauthn.generate_authentication_options(
        rp_id=here.name,
        challenge=token_bytes(32),
        allow_credentials=_described(known),
        user_verification=UserVerificationRequirement.REQUIRED
        if use in ALONE
        else UserVerificationRequirement.PREFERRED,
    )
    return Ceremony(options_to_json(options), _note(use, options.challenge, user))


def register(user: User, name: str, state: str, answer: str) -> Passkey:
    """The new passkey of a person, in the caller's transaction. Raises Invalid."""
    challenge = _challenge(ADD, state, user)
    here, given = site(), _read(answer)
    try:
        verified = webauthn.verify_registration_response(
            credential=given,
            expected_challenge=challenge,
            expected_rp_id=here.name if here else "",
            expected_origin=here.origin if here else "",
        )
    except Exception as error:
        # What strangers send makes the library raise errors of many kinds.
        raise _refused() from error
    if not spend(challenge, GOOD_FOR) or _find(verified.credential_id):
        raise Invalid(_("This passkey is known already."))
    made = Passkey(
        user_id=user.id,
        name=name,
        credential_id=verified.credential_id,
        public_key=verified.credential_public_key,
        sign_count=verified.sign_count,
        transports=json.dumps(_transports(given)),
    )
    session().add(made)
    session().flush()
    return made


def check(use: str, state: str, answer: str, user: User | None = None) -> Passkey:
    """The passkey that a right answer was made with, in the caller's transaction. Raises Invalid."""
    challenge = _challenge(use, state, user)
    here, given = site(), _read(answer)
    found = _find(_credential_id(given))
    if found is None or here is None or (user is not None and found.user_id != user.id):
        raise _refused()
    try:
        verified = webauthn.verify_authentication_response(
            credential=given,
            expected_challenge=challenge,
            expected_rp_id=here.name,
            expected_origin=here.origin,
            credential_public_key=found.public_key,
            credential_current_sign_count=found.sign_count,
            require_user_verification=use in ALONE,
        )
    except Exception as error:
        raise _refused() from error
    if not spend(challenge, GOOD_FOR) or not _count(found, verified.new_sign_count):
        raise _refused()
    return found


def owner(passkey: Passkey, answer: str) -> User:
    """Whose passkey it is, where it alone says who signs in. Raises Invalid for who may not."""
    user = session().get(User, passkey.user_id)
    handle = _read(answer).get("response", {}).get("userHandle")
    if user is None or not user.active:
        raise _refused()
    if handle and base64url_to_bytes(handle) != user.passkey_handle.encode():
        raise _refused()
    return user


def _count(passkey: Passkey, count: int) -> bool:
    """Keep the device's own count; False when another answer with a later count came in between."""
    raised = (
        update(Passkey)
        .where(Passkey.id == passkey.id, Passkey.sign_count == passkey.sign_count)
        .values(sign_count=count, used_at=now())
    )
    return session().execute(raised).rowcount == 1  # type: ignore[attr-defined]


def _note(use: str, challenge: bytes, user: User | None) -> str:
    said = [use, bytes_to_base64url(challenge), user.fs_uniquifier if user else ""]
    return str(_signer().dumps(said))


def _challenge(use: str, state: str, user: User | None) -> bytes:
    try:
        of, challenge, whose = _signer().loads(state, max_age=int(GOOD_FOR.total_seconds()))
    except (BadData, ValueError, TypeError):
        raise Invalid(_("That took too long. Try again.")) from None
    if of != use or whose != (user.fs_uniquifier if user else ""):
        raise _refused()
    return base64url_to_bytes(challenge)


def _signer() -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(current_app.secret_key or "", salt="orion-passkey")


def _read(answer: str) -> dict[str, Any]:
    try:
        given = json.loads(answer if len(answer) <= LONGEST else "")
    except ValueError:
        raise _refused() from None
    if not isinstance(given, dict) or not isinstance(given.get("response"), dict):
        raise _refused()
    return given


def _credential_id(given: dict[str, Any]) -> bytes:
    try:
        return base64url_to_bytes(given["rawId"])
    except Exception as error:
        raise _refused() from error


def _transports(given: dict[str, Any]) -> list[str]:
    said = given["response"].get("transports")
    known = {transport.value for transport in AuthenticatorTransport}
    return [one for one in said if one in known] if isinstance(said, list) else []


def _find(credential_id: bytes) -> Passkey | None:
    return session().scalar(select(Passkey).where(Passkey.credential_id == credential_id))


def _described(known: Sequence[Passkey]) -> list[PublicKeyCredentialDescriptor]:
    return [
        PublicKeyCredentialDescriptor(
            id=one.credential_id,
            transports=[AuthenticatorTransport(way) for way in json.loads(one.transports)],
        )
        for one in known
    ]


def _refused() -> Invalid:
    return Invalid(_("This passkey was not accepted."))


def _is_number(name: str) -> bool:
    try:
        ip_address(name)
    except ValueError:
        return False
    return True
