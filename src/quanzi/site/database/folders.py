"""Folders of the embedded server, and the account it runs under.

Everything lies in the shop's home. There are two exceptions. PostgreSQL refuses to run as root, so that under
root the server runs as an ordinary account; when that account cannot reach the home (a home inside /root), the
cluster lies in /var/lib/quanzi and HOME/postgres is a link to it. And when the home's path is too long for a
socket address (about 100 bytes), the sockets lie in a private folder in /tmp.
"""

from __future__ import annotations

import hashlib
import os
import pwd
import stat
import tempfile
from dataclasses import dataclass
from pathlib import Path

from quanzi.site import home as folders
from quanzi.site.database.errors import DatabaseRefused

OUTSIDE = Path("/var/lib/quanzi")
LONGEST_SOCKET_FOLDER = 80
ACCOUNTS = ("nobody", "postgres", "daemon")


@dataclass(frozen=True)
class Account:
    """The ordinary account that runs the server when we are root."""

    name: str
    uid: int
    gid: int


def account() -> Account | None:
    """The account to step down to; None when we are not root. Raises DatabaseRefused when there is none."""
    if os.geteuid() != 0:
        return None
    for name in ACCOUNTS:
        try:
            found = pwd.getpwnam(name)
        except KeyError:
            continue
        if found.pw_uid != 0:
            return Account(name=name, uid=found.pw_uid, gid=found.pw_gid)
    raise DatabaseRefused(
        "PostgreSQL does not run as root, and this machine has no ordinary account to run it under.\n"
        "Run quanzi as an ordinary user, or set DATABASE_URL to a database of your own."
    )


def may_reach(path: Path, who: Account) -> bool:
    """Whether the account may pass through every folder down to the path, and read what is there."""
    here = path.resolve()
    if not _allows(here, who, stat.S_IROTH | stat.S_IXOTH):
        return False
    return all(_allows(parent, who, stat.S_IXOTH) for parent in here.parents)


def _allows(path: Path, who: Account, bits: int) -> bool:
    status = path.stat()
    if status.st_uid == who.uid:
        bits <<= 6
    elif status.st_gid == who.gid:
        bits <<= 3
    return status.st_mode & bits == bits


def cluster_folder(home: Path) -> Path:
    """Where the data of the server lies, or will lie; makes the home, not the cluster."""
    inside = home / "postgres"
    if inside.is_symlink():
        return Path(os.readlink(inside))
    who = account()
    if who is None or inside.exists():
        return inside
    make_home(home)
    return inside if _may_pass(home, who) else OUTSIDE / _digest(home) / "postgres"


def _may_pass(folder: Path, who: Account) -> bool:
    here = folder.resolve()
    return all(_allows(each, who, stat.S_IXOTH) for each in (here, *here.parents))


def make_home(home: Path) -> None:
    """Make the home folder; raises DatabaseRefused when that is not possible."""
    try:
        folders.make(home)
    except ValueError as trouble:
        raise DatabaseRefused(str(trouble)) from None


def socket_folder(home: Path) -> Path:
    """The folder of the server's socket; only the server's account and root may enter it."""
    return _short(home, cluster_folder(home).parent / "socket", "socket")


def control_folder(home: Path) -> Path:
    """The folder of the supervisor's own socket and lock; ours alone."""
    return _short(home, home / "run", "run")


def _short(home: Path, wanted: Path, name: str) -> Path:
    text = str(wanted)
    if len(os.fsencode(text)) <= LONGEST_SOCKET_FOLDER and not set(text) & set("\"',\\"):
        return wanted
    return Path(tempfile.gettempdir()) / f"quanzi-{os.geteuid()}-{_digest(home)}-{name}"


def _digest(home: Path) -> str:
    return hashlib.sha256(os.fsencode(home.absolute())).hexdigest()[:12]


def make_private(folder: Path, owner: Account | None) -> None:
    """Make the folder if need be, close it to others (0700) and give it to its owner."""
    folder.mkdir(parents=True, exist_ok=True)
    status = folder.lstat()
    if not stat.S_ISDIR(status.st_mode) or status.st_uid not in {os.geteuid(), owner.uid if owner else os.geteuid()}:
        raise DatabaseRefused(
            f"The folder {folder} belongs to somebody else. Remove it, or choose another QUANZI_HOME."
        )
    if owner is not None:
        os.chown(folder, owner.uid, owner.gid)
    folder.chmod(0o700)
