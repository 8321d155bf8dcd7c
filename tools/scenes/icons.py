"""Take the Lucide icons in use from an installed @iconify-json/lucide into the design system's icons.json.

    npm install @iconify-json/lucide
    python tools/scenes/icons.py node_modules/@iconify-json/lucide/icons.json NAME [NAME ...]

Names already in the file stay; new names are added.
"""

import json
import sys
from pathlib import Path

TARGET = Path(__file__).parents[2] / "src/quanzi/faces/ui/data/icons.json"


def main(source: str, names: list[str]) -> None:
    found = json.loads(Path(source).read_text(encoding="utf-8"))
    known = json.loads(TARGET.read_text(encoding="utf-8")) if TARGET.exists() else {}
    for name in {*known, *names}:
        parent = found.get("aliases", {}).get(name, {}).get("parent", name)
        if parent not in found["icons"]:
            raise SystemExit(f"There is no icon called {name}.")
        body = found["icons"][parent]["body"]
        # the shell of the icon states these once; stroke width comes from the style sheet
        for once in (
            ' fill="none"',
            ' stroke="currentColor"',
            ' stroke-linecap="round"',
            ' stroke-linejoin="round"',
            ' stroke-width="2"',
        ):
            body = body.replace(once, "")
        known[name] = (
            body.removeprefix("<g>").removesuffix("</g>") if body.count("<g") == 1 and body.startswith("<g>") else body
        )
    TARGET.parent.mkdir(exist_ok=True)
    TARGET.write_text(json.dumps(dict(sorted(known.items())), indent=0, ensure_ascii=False) + "\n", encoding="utf-8")


if __name__ == "__main__":
    if len(sys.argv) < 2:
        raise SystemExit(__doc__)
    main(sys.argv[1], sys.argv[2:])
