"""An authenticator of software: what a device with a passkey answers, right or wrong as a test wants it."""

import json
import os
from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any

import cbor2
from cryptography.hazmat.primitives.asymmetric.ec import (
    ECDSA,
    SECP256R1,
    EllipticCurvePrivateKey,
    generate_private_key,
)
from cryptography.hazmat.primitives.hashes import SHA256

PRESENT, VERIFIED, WITH_KEY = 0x01, 0x04, 0x40


def _key() -> EllipticCurvePrivateKey:
    return generate_private_key(SECP256R1())


@dataclass
class Authenticator:
    """One passkey. `knows_person`: it asks for a finger or a PIN."""

    origin: str = "http://localhost"
    site: str = "localhost"
    knows_person: bool = True
    key: EllipticCurvePrivateKey = field(default_factory=_key)
    id: bytes = field(default_factory=lambda: os.urandom(32))
    count: int = 0
    handle: str = ""

    def create(self, options: str) -> str:
        """The answer to options for a new passkey."""
        asked = json.loads(options)
        self.handle = asked["user"]["id"]
        public = self.key.public_key().public_numbers()
        x, y = public.x.to_bytes(32, "big"), public.y.to_bytes(32, "big")
        cose = cbor2.dumps({1: 2, 3: -7, -1: 1, -2: x, -3: y})
        attested = bytes(16) + len(self.id).to_bytes(2, "big") + self.id + cose
        data = self._data(WITH_KEY) + attested
        made = {"fmt": "none", "attStmt": {}, "authData": data}
        client = self._client("webauthn.create", asked["challenge"])
        parts = {"clientDataJSON": client, "attestationObject": cbor2.dumps(made)}
        return self._answer(parts, transports=["internal", "made-up"])

    def get(self, options: str) -> str:
        """The answer to options that ask for the passkey."""
        self.count += 1
        data = self._data()
        client = self._client("webauthn.get", json.loads(options)["challenge"])
        signature = self.key.sign(data + sha256(client).digest(), ECDSA(SHA256()))
        parts = {"clientDataJSON": client, "authenticatorData": data, "signature": signature}
        return self._answer(parts, userHandle=self.handle)

    def _data(self, more: int = 0) -> bytes:
        flags = PRESENT | more | (VERIFIED if self.knows_person else 0)
        return sha256(self.site.encode()).digest() + bytes([flags]) + self.count.to_bytes(4, "big")

    def _client(self, kind: str, challenge: str) -> bytes:
        return json.dumps({"type": kind, "challenge": challenge, "origin": self.origin}).encode()

    def _answer(self, parts: dict[str, bytes], **more: Any) -> str:
        response = {name: encoded(part) for name, part in parts.items()} | more
        own = encoded(self.id)
        return json.dumps({"id": own, "rawId": own, "type": "public-key", "response": response})


def encoded(data: bytes) -> str:
    """Base 64 as web addresses take it."""
    return urlsafe_b64encode(data).decode().rstrip("=")


def decoded(text: str) -> bytes:
    """The bytes of that."""
    return urlsafe_b64decode(text + "=" * (-len(text) % 4))
