"""Users and their sessions: the engine's own people, who work at vendors and platforms."""

import secrets
from datetime import UTC, datetime

from flask_security import UserMixin
from sqlalchemy import BigInteger, ForeignKey, LargeBinary, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, validates

from orion.contracts.models import BigId, NormText, UtcDateTime, WordOf, normalise, public_id, word_keys
from orion.data.base import Base


def now() -> datetime:
    """This moment in UTC, aware."""
    return datetime.now(UTC)


class User(Base, UserMixin):
    """A person who signs in. What they may do is told by whoever keeps memberships.

    `email` is lower case. `fs_uniquifier` changes with the password: sessions carry it, so that a
    new password ends them all.
    """

    __tablename__ = "orion_user"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    email: Mapped[str] = mapped_column(String(254), unique=True)
    email_norm: Mapped[str] = mapped_column(NormText(254), unique=True)
    name: Mapped[str] = mapped_column(String(200), default="")
    name_norm: Mapped[str] = mapped_column(NormText(200), default="", index=True)
    password: Mapped[str | None] = mapped_column(String(255))
    active: Mapped[bool] = mapped_column(default=True)
    fs_uniquifier: Mapped[str] = mapped_column(String(64), unique=True, default=lambda: secrets.token_hex(32))
    last_login_at: Mapped[datetime | None] = mapped_column(UtcDateTime)  # type: ignore[assignment]
    current_login_at: Mapped[datetime | None] = mapped_column(UtcDateTime)  # type: ignore[assignment]
    last_login_ip: Mapped[str | None] = mapped_column(String(64))
    current_login_ip: Mapped[str | None] = mapped_column(String(64))
    login_count: Mapped[int] = mapped_column(BigInteger, default=0)
    #: The key of the app that shows codes, sealed (see vault.py), and the number of the last code taken.
    totp_secret: Mapped[str | None] = mapped_column(Text)
    totp_counter: Mapped[int | None] = mapped_column(BigInteger)
    totp_since: Mapped[datetime | None] = mapped_column(UtcDateTime)
    totp_used_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    #: By this, and not by the address, a passkey knows the person.
    passkey_handle: Mapped[str] = mapped_column(
        String(64), unique=True, index=True, nullable=True, default=lambda: secrets.token_hex(32)
    )
    locale: Mapped[str | None] = mapped_column(String(35))
    theme: Mapped[str | None] = mapped_column(String(10))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)

    @validates("email", "name")
    def _normalised(self, key: str, value: str) -> str:
        setattr(self, f"{key}_norm", normalise(value))
        return value


class UserWord(WordOf, Base):
    """A normalised word by whose beginning a person is found."""

    __tablename__ = "orion_user_word"
    __words__ = (User, "name_norm", "email_norm")
    __table_args__ = word_keys("orion_user_word", "user_id", "orion_user", owners=())

    user_id: Mapped[int] = mapped_column(BigId)


class SessionRow(Base):
    """A session of a signed-in person. Only a hash of the cookie's value is kept.

    `realm` is `staff`, or `half` for who has given the password and not yet the second factor: that one
    opens nothing. `data` is JSON text; `expires_at` is the absolute limit; `fresh_until` says how long the
    person counts as one who has just shown who they are; `public_id` names the session in its owner's list.
    """

    __tablename__ = "orion_session"

    id_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    public_id: Mapped[str] = mapped_column(String(14), unique=True, default=public_id)
    realm: Mapped[str] = mapped_column(String(16), default="staff")
    user_id: Mapped[int] = mapped_column(ForeignKey("orion_user.id", ondelete="CASCADE"), index=True)
    data: Mapped[str] = mapped_column(Text)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)
    seen_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
    fresh_until: Mapped[datetime] = mapped_column(UtcDateTime)
    ip_prefix: Mapped[str] = mapped_column(String(64), default="")
    user_agent: Mapped[str] = mapped_column(String(300), default="")


class Passkey(Base):
    """A key that a device, or a password manager, holds for a person (WebAuthn).

    `transports` are the ways to reach it, as a JSON list of words of the standard.
    """

    __tablename__ = "orion_passkey"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    public_id: Mapped[str] = mapped_column(String(14), unique=True, default=public_id)
    user_id: Mapped[int] = mapped_column(ForeignKey("orion_user.id", ondelete="CASCADE"), index=True)
    name: Mapped[str] = mapped_column(String(80))
    credential_id: Mapped[bytes] = mapped_column(LargeBinary, unique=True)
    public_key: Mapped[bytes] = mapped_column(LargeBinary)
    sign_count: Mapped[int] = mapped_column(BigInteger, default=0)
    transports: Mapped[str] = mapped_column(Text, default="[]")
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)
    used_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class RecoveryCode(Base):
    """A code that stands in once for a lost second factor. Only its hash is kept; a used one is no row."""

    __tablename__ = "orion_recovery_code"
    __table_args__ = (UniqueConstraint("user_id", "code_hash"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("orion_user.id", ondelete="CASCADE"))
    code_hash: Mapped[str] = mapped_column(String(64))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)


class Tries(Base):
    """Wrong tries in a row under a key, and until when no further one is taken because of them."""

    __tablename__ = "orion_tries"

    key: Mapped[str] = mapped_column(String(160), primary_key=True)
    count: Mapped[int] = mapped_column(BigInteger, default=0)
    last_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
    held_until: Mapped[datetime | None] = mapped_column(UtcDateTime)


class Spent(Base):
    """What may be used once and has been: a passkey's challenge. Kept until it would be too old anyway."""

    __tablename__ = "orion_spent"

    digest: Mapped[str] = mapped_column(String(64), primary_key=True)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
