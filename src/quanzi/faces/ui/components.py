"""`ui.button(...)` in any page: macros of all files in ui/components/, found by name, without an import line."""

from __future__ import annotations

from functools import cached_property
from pathlib import Path
from typing import Any

import jinja2

FOLDER = Path(__file__).parent / "jinja2" / "ui" / "components"


class Components:
    """Looks a macro up by name. Two macros of one name are a mistake and refused at start."""

    def __init__(self, env: jinja2.Environment) -> None:
        self._env = env

    @cached_property
    def _homes(self) -> dict[str, str]:
        homes: dict[str, str] = {}
        for path in sorted(FOLDER.glob("*.html")):
            template = f"ui/components/{path.name}"
            for name in self._macros(template):
                if name in homes:
                    raise jinja2.TemplateError(f"The macro {name} stands in {homes[name]} and in {template}.")
                homes[name] = template
        return homes

    def _macros(self, template: str) -> list[str]:
        source, _, _ = self._env.loader.get_source(self._env, template)  # type: ignore[union-attr]
        macros = self._env.parse(source).find_all(jinja2.nodes.Macro)
        return [macro.name for macro in macros if not macro.name.startswith("_")]

    def names(self) -> dict[str, str]:
        """Every macro and the template it stands in."""
        return dict(self._homes)

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_") or name not in self._homes:
            raise AttributeError(name)
        macro = getattr(self._env.get_template(self._homes[name]).module, name)
        if not self._env.auto_reload:
            setattr(self, name, macro)  # the next page finds it without asking here
        return macro
