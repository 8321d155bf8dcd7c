"""A passkey in software: makes keys and signs what a shop asks, as a phone would, from whatever origin a test says."""

from __future__ import annotations

import base64
import hashlib
import json
import secrets
import struct
from typing import Any

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from fido2 import cbor

PRESENT, VERIFIED, ATTESTED = 0x01, 0x04, 0x40


def plain(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).decode().rstrip("=")


class Passkey:
    """One key pair for one shop. `origin`: where its browser believes to be."""

    def __init__(self, origin: str = "http://localhost") -> None:
        self.origin = origin
        self.key = ec.generate_private_key(ec.SECP256R1())
        self.id = secrets.token_bytes(32)
        self.handle = b""

    def make(self, options: Any, *, verified: bool = True) -> str:
        """The answer to a shop that wants a new passkey."""
        asked = options["publicKey"]
        self.handle = base64.urlsafe_b64decode(asked["user"]["id"] + "==")
        numbers = self.key.public_key().public_numbers()
        public = {1: 2, 3: -7, -1: 1, -2: numbers.x.to_bytes(32, "big"), -3: numbers.y.to_bytes(32, "big")}
        credential = bytes(16) + struct.pack(">H", len(self.id)) + self.id + cbor.encode(public)
        data = self._data(asked["rp"]["id"], ATTESTED | PRESENT | (VERIFIED if verified else 0)) + credential
        statement = cbor.encode({"fmt": "none", "attStmt": {}, "authData": data})
        return self._answer(
            {
                "clientDataJSON": self._client("webauthn.create", asked["challenge"]),
                "attestationObject": plain(statement),
            }
        )

    def sign(self, options: Any, *, origin: str = "") -> str:
        """The answer to a shop that wants to know who is there."""
        asked = options["publicKey"]
        data = self._data(asked["rpId"], PRESENT | VERIFIED)
        client = self._client("webauthn.get", asked["challenge"], origin)
        hashed = hashlib.sha256(base64.urlsafe_b64decode(client + "==")).digest()
        signature = self.key.sign(data + hashed, ec.ECDSA(hashes.SHA256()))
        return self._answer(
            {
                "clientDataJSON": client, "authenticatorData": plain(data), "signature": plain(signature),
                "userHandle": plain(self.handle),
            }
        )  # fmt: skip

    def _data(self, rp_id: str, flags: int) -> bytes:
        return hashlib.sha256(rp_id.encode()).digest() + bytes([flags]) + bytes(4)

    def _client(self, kind: str, challenge: str, origin: str = "") -> str:
        return plain(json.dumps({"type": kind, "challenge": challenge, "origin": origin or self.origin}).encode())

    def _answer(self, response: dict[str, str]) -> str:
        ours = {"id": plain(self.id), "rawId": plain(self.id), "type": "public-key"}
        return json.dumps(ours | {"response": response, "clientExtensionResults": {"credProps": {"rk": True}}})
