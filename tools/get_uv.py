"""Fetch uv from the package index with nothing but Python's own library: for machines without pip.

python3 tools/get_uv.py FOLDER
"""

import hashlib
import io
import json
import os
import platform
import re
import sys
import urllib.error
import urllib.parse
import urllib.request
import zipfile

INDEX = os.environ.get("UV_INDEX_URL") or os.environ.get("PIP_INDEX_URL") or "https://pypi.org/simple"
MACHINES = {"x86_64": "x86_64", "amd64": "x86_64", "aarch64": "aarch64", "arm64": "aarch64"}


def wheel_pattern():
    """The end of the wheel's name for this machine."""
    machine = MACHINES.get(platform.machine().lower())
    if machine is None:
        sys.exit(f"There is no uv for a machine of type {platform.machine()} on the package index.")
    if sys.platform == "darwin":
        return rf"macosx_.*_{machine.replace('aarch64', 'arm64')}\.whl$"
    return rf"manylinux.*_{machine}.*\.whl$"


def newest(files, pattern):
    """The file of the highest version whose name fits."""
    fitting = []
    for file in files:
        found = re.match(r"uv-(\d+)\.(\d+)\.(\d+)-py3-none-.*" + pattern, file["filename"])
        if found and not file.get("yanked"):
            fitting.append((tuple(int(part) for part in found.groups()), file["filename"], file))
    if not fitting:
        sys.exit(f"The package index {INDEX} offers no uv for this machine.")
    return max(fitting, key=lambda entry: entry[:2])[2]


def fetch(address, accept="*/*"):
    request = urllib.request.Request(address, headers={"Accept": accept})
    with urllib.request.urlopen(request, timeout=60) as answer:
        return answer.read()


def main(folder):
    page = f"{INDEX.rstrip('/')}/uv/"
    try:
        listing = json.loads(fetch(page, "application/vnd.pypi.simple.v1+json"))
        file = newest(listing["files"], wheel_pattern())
        content = fetch(urllib.parse.urljoin(page, file["url"]))
    except (urllib.error.URLError, OSError, ValueError) as trouble:
        sys.exit(f"The package index {INDEX} does not answer: {trouble}")
    if hashlib.sha256(content).hexdigest() != file["hashes"].get("sha256"):
        sys.exit(f"What came from {INDEX} is not what the index promised.")
    os.makedirs(folder, exist_ok=True)
    target = os.path.join(folder, "uv")
    with zipfile.ZipFile(io.BytesIO(content)) as wheel:
        name = next(name for name in wheel.namelist() if name.endswith("/scripts/uv"))
        with open(target, "wb") as program:
            program.write(wheel.read(name))
    os.chmod(target, 0o755)


if __name__ == "__main__":
    main(sys.argv[1])
