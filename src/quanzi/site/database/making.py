"""Making an empty database in a tenth of the time: models that nothing refers to yet are drawn alone."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from unittest.mock import patch

from django.db.migrations.state import ModelState, ProjectState


@contextmanager
def few_models_drawn() -> Iterator[None]:
    """While Django walks through all migrations of an empty database.

    For each operation Django draws the model anew, and every model that is related to it over any corner; here all are
    related to members, so that nine tenths of a first migration went into that. A new model is drawn into what is there, a
    changed one is drawn alone, and an index or a constraint is noted on its model; a step that works with rows draws them
    all. What is asked of the database is the same, which `./dev fuzz` compares.
    """
    with patch.multiple(
        ProjectState, add_model=_add, reload_model=_draw_alone, _append_option=_append, _remove_option=_remove
    ):
        yield


def _add(state: Any, model: ModelState) -> None:
    key = model.app_label, model.name_lower
    state.models[key] = model
    if state._relations is not None:
        state.resolve_model_relations(key)
    if "apps" in state.__dict__:
        state.apps.render_multiple([model])


def _draw_alone(state: Any, label: str, name: str, delay: bool = False) -> None:
    if "apps" in state.__dict__:
        state.is_delayed = True
        with state.apps.bulk_update():
            state.apps.unregister_model(label, name)
        state.apps.render_multiple([state.models[label, name]])


def _append(state: Any, label: str, name: str, option: str, one: Any) -> None:
    _note(state, label, name, option, [*state.models[label, name].options[option], one])


def _remove(state: Any, label: str, name: str, option: str, gone: str) -> None:
    _note(state, label, name, option, [one for one in state.models[label, name].options[option] if one.name != gone])


def _note(state: Any, label: str, name: str, option: str, value: list[Any]) -> None:
    state.models[label, name].options[option] = value
    if "apps" in state.__dict__:
        setattr(state.apps.get_model(label, name)._meta, option, value)
