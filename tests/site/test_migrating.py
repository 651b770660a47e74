"""The classes that migrations work with, where a new model is made a class by itself (decision 0023)."""

from typing import Any

import pytest
from django.db import models
from django.db.migrations.operations import AddField, AlterField
from django.db.migrations.state import ModelState, ProjectState

from ronghe.site.migrating import new_models_rendered_alone


def model(name: str, /, **fields: Any) -> ModelState:
    return ModelState("trial", name, [("id", models.BigAutoField(primary_key=True)), *fields.items()])


def to(name: str) -> models.ForeignKey[Any, Any]:
    return models.ForeignKey(f"trial.{name}", models.PROTECT, related_name="+")


@pytest.fixture
def state() -> ProjectState:
    made = ProjectState()
    made.add_model(model("Zone", name=models.CharField(max_length=3)))
    assert made.apps  # classes are made from now on
    return made


def class_of(state: ProjectState, name: str) -> Any:
    return state.apps.get_model("trial", name)


def reached_from(state: ProjectState, name: str) -> set[str]:
    found = class_of(state, name)._meta.get_fields(include_hidden=True)
    return {one.related_model._meta.model_name for one in found if one.auto_created and one.is_relation}


def test_a_new_model_leaves_the_classes_that_are_there_and_is_reached_from_them(state):
    before = class_of(state, "zone")
    with new_models_rendered_alone():
        state.add_model(model("Task", zone=to("zone")))
        state.add_model(model("Sheet", task=to("task")))
    assert class_of(state, "zone") is before
    assert (reached_from(state, "zone"), reached_from(state, "task")) == ({"task"}, {"sheet"})


def test_what_changes_is_made_anew_with_all_that_hang_on_it(state):
    with new_models_rendered_alone():
        state.add_model(model("Task", zone=to("zone")))
        before = class_of(state, "task")
        AddField("task", "next", to("zone")).state_forwards("trial", state)
        AlterField("zone", "name", models.CharField(max_length=9)).state_forwards("trial", state)
    zone, task = class_of(state, "zone"), class_of(state, "task")
    assert task is not before
    assert zone._meta.get_field("name").max_length == 9
    assert [task._meta.get_field(name).related_model for name in ("zone", "next")] == [zone, zone]


def test_a_model_that_waits_for_another_meets_it_when_it_comes(state):
    with new_models_rendered_alone():
        state.add_model(model("Task", sheet=to("sheet")))
        state.add_model(model("Sheet"))
    assert class_of(state, "task")._meta.get_field("sheet").related_model is class_of(state, "sheet")


def test_outside_of_it_django_does_as_ever(state):
    before = class_of(state, "zone")
    with new_models_rendered_alone():
        pass
    state.add_model(model("Task", zone=to("zone")))
    assert class_of(state, "zone") is not before
