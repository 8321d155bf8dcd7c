"""The wire format: what is signed, how a resource is encrypted. Proven against the provider's public test values."""

import base64
import json
import re
import secrets
from dataclasses import dataclass

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, RSAPublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256

SCHEME = "WECHATPAY2-SHA256-RSA2048"
_PARAMETER = re.compile(r'(\w+)="([^"]*)"')


def dumps(value: object) -> bytes:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()


def sign(key: RSAPrivateKey, message: bytes) -> str:
    return base64.b64encode(key.sign(message, PKCS1v15(), SHA256())).decode()


def is_signed(key: RSAPublicKey, message: bytes, signature: str) -> bool:
    try:
        key.verify(base64.b64decode(signature, validate=True), message, PKCS1v15(), SHA256())
    except (InvalidSignature, ValueError):
        return False
    return True


def lines(*parts: str | bytes) -> bytes:
    """Join parts the way the provider signs them: each ends with a line feed."""
    return b"".join((part if isinstance(part, bytes) else part.encode()) + b"\n" for part in parts)


def encrypt(api_key: bytes, plain: bytes, associated: str, nonce: str | None = None) -> dict[str, str]:
    """AES-256-GCM; the tag stands at the end of the ciphertext."""
    nonce = nonce or secrets.token_hex(6)
    sealed = AESGCM(api_key).encrypt(nonce.encode(), plain, associated.encode())
    return {
        "algorithm": "AEAD_AES_256_GCM",
        "ciphertext": base64.b64encode(sealed).decode(),
        "associated_data": associated,
        "nonce": nonce,
    }


def decrypt(api_key: bytes, ciphertext: str, nonce: str, associated: str) -> bytes:
    return AESGCM(api_key).decrypt(nonce.encode(), base64.b64decode(ciphertext), associated.encode())


@dataclass(frozen=True)
class Authorization:
    """The signed identity of a request."""

    mchid: str
    nonce: str
    timestamp: int
    serial: str
    signature: str

    @classmethod
    def parse(cls, header: str) -> "Authorization | None":
        scheme, _, rest = header.partition(" ")
        found = dict(_PARAMETER.findall(rest))
        if scheme != SCHEME or {"mchid", "nonce_str", "timestamp", "serial_no", "signature"} - found.keys():
            return None
        if not re.fullmatch(r"[0-9]{1,12}", found["timestamp"]):
            return None
        return cls(found["mchid"], found["nonce_str"], int(found["timestamp"]), found["serial_no"], found["signature"])

    def covers(self, key: RSAPublicKey, method: str, target: str, body: bytes) -> bool:
        message = lines(method, target, str(self.timestamp), self.nonce, body)
        return is_signed(key, message, self.signature)
