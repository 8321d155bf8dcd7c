"""Our account at a WeChat-shaped provider: who we are, our keys, and the certificates that we trust, as files."""

import json
import os
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, RSAPublicKey
from cryptography.hazmat.primitives.serialization import load_pem_private_key
from cryptography.x509 import load_pem_x509_certificate


class NotSetUp(Exception):
    """The folder with our keys is missing or incomplete."""


@dataclass(frozen=True)
class MerchantAccount:
    mchid: str
    appid: str
    serial: str
    key: RSAPrivateKey
    api_key: bytes


def merchant_account(merchants: str, number: str) -> MerchantAccount:
    """Read merchant.json, merchant.key.pem and apiv3.key in <merchants>/<number>; raises NotSetUp."""
    name = f"{merchants}/{number}"
    try:
        return _merchant(name, os.stat(f"{name}/merchant.key.pem").st_mtime_ns)
    except OSError as error:
        raise NotSetUp(f"{name}: {error.strerror}") from error


@lru_cache(maxsize=8)
def _merchant(name: str, version: int) -> MerchantAccount:
    folder = Path(name)
    facts = json.loads((folder / "merchant.json").read_text())
    key = load_pem_private_key((folder / "merchant.key.pem").read_bytes(), None)
    if not isinstance(key, RSAPrivateKey):
        raise NotSetUp(f"{folder}: the merchant key is not an RSA key")
    api_key = (folder / "apiv3.key").read_text().strip().encode()
    return MerchantAccount(facts["mchid"], facts["appid"], facts["serial"], key, api_key)


def trusted_keys(folder: str) -> dict[str, RSAPublicKey]:
    """Platform keys by serial: the allow-list. Read from files only, so no message can make us fetch one."""
    try:
        with os.scandir(folder) as entries:
            names = tuple(sorted(entry.name for entry in entries if entry.name.endswith(".cert.pem")))
    except OSError as error:
        raise NotSetUp(f"{folder}: {error.strerror}") from error
    return _trusted(folder, names)


@lru_cache(maxsize=8)
def _trusted(folder: str, names: tuple[str, ...]) -> dict[str, RSAPublicKey]:
    found = {}
    for name in names:
        certificate = load_pem_x509_certificate(Path(folder, name).read_bytes())
        key = certificate.public_key()
        if not isinstance(key, RSAPublicKey):
            raise NotSetUp(f"{folder}/{name}: not an RSA certificate")
        found[f"{certificate.serial_number:X}"] = key
    return found
