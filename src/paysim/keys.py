"""Keys as files. The home folder of the service holds them; a merchant reads the two folders made for it.

<home>/platform/<serial>.key.pem      0600, the service signs with these
<home>/trust/<serial>.cert.pem        what merchants trust: one file per live platform certificate
<home>/merchants/<mchid>/             merchant.json, merchant.key.pem (0600), merchant.cert.pem, apiv3.key (0600)
<home>/control.token                  0600, opens the test controls
"""

import datetime as dt
import json
import os
import secrets
from dataclasses import dataclass
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, RSAPublicKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)
from cryptography.x509.oid import NameOID

DEFAULT_MERCHANT = "1900000109"
DEFAULT_APP = "wxpaysim00000001"


@dataclass(frozen=True)
class PlatformKey:
    serial: str
    key: RSAPrivateKey
    certificate: bytes
    created: int


@dataclass(frozen=True)
class Merchant:
    mchid: str
    appid: str
    name: str
    serial: str
    public_key: RSAPublicKey
    api_key: bytes


def write_private(path: Path, data: bytes) -> None:
    """Create a file that only its owner reads; never widens it, not even for a moment."""
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(data)


def _certificate(key: RSAPrivateKey, name: str) -> x509.Certificate:
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    start = dt.datetime.now(dt.UTC) - dt.timedelta(days=1)
    builder = x509.CertificateBuilder().subject_name(subject).issuer_name(subject).public_key(key.public_key())
    builder = builder.serial_number(x509.random_serial_number())
    return builder.not_valid_before(start).not_valid_after(start + dt.timedelta(days=3650)).sign(key, SHA256())


def serial_of(certificate: x509.Certificate) -> str:
    return f"{certificate.serial_number:X}"


def _new_pair(name: str) -> tuple[RSAPrivateKey, x509.Certificate]:
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    return key, _certificate(key, name)


def _pem(key: RSAPrivateKey) -> bytes:
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())


def _load_private(path: Path) -> RSAPrivateKey:
    key = load_pem_private_key(path.read_bytes(), None)
    if not isinstance(key, RSAPrivateKey):
        raise ValueError(f"{path} holds no RSA key")
    return key


class KeyRing:
    """The files above, made on first use."""

    def __init__(self, home: Path) -> None:
        self.home = home
        self._platform: dict[str, PlatformKey] = {}
        self._merchants: dict[str, tuple[int, Merchant]] = {}
        for folder in ("platform", "trust", "merchants"):
            (home / folder).mkdir(parents=True, exist_ok=True)
        (home / "platform").chmod(0o700)
        if not (home / "control.token").exists():
            write_private(home / "control.token", secrets.token_urlsafe(24).encode())
        if not list((home / "platform").glob("*.key.pem")):
            self.rotate()
        if not (home / "merchants" / DEFAULT_MERCHANT).exists():
            self.register(DEFAULT_MERCHANT, DEFAULT_APP, "模拟商户")

    @property
    def token(self) -> str:
        return (self.home / "control.token").read_text().strip()

    def rotate(self) -> str:
        """Make a further platform key. Older ones stay live until retired."""
        key, certificate = _new_pair("paysim platform (simulated)")
        serial = serial_of(certificate)
        pem = certificate.public_bytes(Encoding.PEM)
        write_private(self.home / "platform" / f"{serial}.key.pem", _pem(key))
        (self.home / "trust" / f"{serial}.cert.pem").write_bytes(pem)
        return serial

    def retire(self, serial: str) -> None:
        """Stop using a platform key and stop publishing its certificate."""
        for path in (self.home / "trust" / f"{serial}.cert.pem", self.home / "platform" / f"{serial}.key.pem"):
            path.unlink(missing_ok=True)

    def platform_keys(self) -> list[PlatformKey]:
        """Live platform keys, oldest first."""
        names = [name for name in os.listdir(self.home / "platform") if name.endswith(".key.pem")]
        return sorted((self._platform_key(name) for name in names), key=lambda one: one.created)

    def _platform_key(self, name: str) -> PlatformKey:
        """A key of that name never changes: it is read once."""
        known = self._platform.get(name)
        if known is None:
            path = self.home / "platform" / name
            serial = name.removesuffix(".key.pem")
            pem = (self.home / "trust" / f"{serial}.cert.pem").read_bytes()
            known = self._platform[name] = PlatformKey(serial, _load_private(path), pem, path.stat().st_mtime_ns)
        return known

    def register(self, mchid: str, appid: str, name: str) -> None:
        """Make a merchant with its key, certificate and API v3 key."""
        folder = self.home / "merchants" / mchid
        folder.mkdir(mode=0o700)
        key, certificate = _new_pair(f"paysim merchant {mchid}")
        write_private(folder / "merchant.key.pem", _pem(key))
        write_private(folder / "apiv3.key", secrets.token_hex(16).encode())
        (folder / "merchant.cert.pem").write_bytes(certificate.public_bytes(Encoding.PEM))
        facts = {"mchid": mchid, "appid": appid, "name": name, "serial": serial_of(certificate)}
        (folder / "merchant.json").write_text(json.dumps(facts, ensure_ascii=False, indent=1))

    def merchant(self, mchid: str) -> Merchant | None:
        """Known by its number; read again when its file has changed."""
        folder = self.home / "merchants" / mchid
        if not mchid.isalnum():
            return None
        try:
            changed = (folder / "merchant.json").stat().st_mtime_ns
        except FileNotFoundError:
            return None
        known = self._merchants.get(mchid)
        if known is None or known[0] != changed:
            known = self._merchants[mchid] = (changed, self._read_merchant(mchid, folder))
        return known[1]

    def _read_merchant(self, mchid: str, folder: Path) -> Merchant:
        facts = json.loads((folder / "merchant.json").read_text())
        certificate = x509.load_pem_x509_certificate((folder / "merchant.cert.pem").read_bytes())
        public = certificate.public_key()
        if not isinstance(public, RSAPublicKey):
            raise ValueError(f"merchant {mchid} has no RSA key")
        api_key = (folder / "apiv3.key").read_text().strip().encode()
        return Merchant(mchid, facts["appid"], facts["name"], facts["serial"], public, api_key)
