"""What must be read again and yet not lie open in the database: sealed with a key made of the secret key.

When the secret key changes, the old one goes to ORION_OLD_SECRET_KEYS until `orion users reseal` has run.
"""

from base64 import urlsafe_b64encode

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from flask import current_app

from orion.contracts.errors import OrionError
from orion.settings import Settings


class SealBroken(OrionError):
    """None of the keys that are known opens it."""


def seal(text: str) -> str:
    """Seal with the newest key."""
    return _keys().encrypt(text.encode()).decode()


def unseal(sealed: str) -> str:
    """What was sealed, with the newest key or an old one. Raises SealBroken."""
    try:
        return _keys().decrypt(sealed.encode()).decode()
    except InvalidToken:
        raise SealBroken from None


def reseal(sealed: str) -> str:
    """The same, sealed with the newest key. Raises SealBroken."""
    return seal(unseal(sealed))


def _keys() -> MultiFernet:
    settings: Settings = current_app.extensions["settings"]
    old = [key.strip() for key in settings.old_secret_keys.split(",") if key.strip()]
    return MultiFernet([_key(secret) for secret in (settings.secret, *old)])


def _key(secret: str) -> Fernet:
    derived = HKDF(SHA256(), 32, salt=None, info=b"orion vault").derive(secret.encode())
    return Fernet(urlsafe_b64encode(derived))
