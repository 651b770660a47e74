"""Bring the database to this version: migrate as the owner, then give the serving role what it needs."""

import contextlib
import functools
import os
from collections.abc import Iterator
from typing import Any
from unittest import mock

from .errors import NewerDatabase


def migrate() -> None:
    """Apply all migrations and grants. Runs with ``RONGHE_AS_OWNER=1``; a repeat changes nothing.

    Raises: NewerDatabase when the database knows migrations that this version does not.
    """
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "ronghe.site.settings")
    import django

    django.setup()
    from django.conf import settings
    from django.core.management import call_command
    from django.db import connection

    refuse_newer_database()
    with new_models_rendered_alone():
        call_command("migrate", interactive=False, verbosity=0)
    if settings.SERVING_ROLE and connection.settings_dict["USER"] != settings.SERVING_ROLE:
        from ronghe.kernel.db import grant_serving_role

        grant_serving_role(using="default", role=settings.SERVING_ROLE)


@contextlib.contextmanager
def new_models_rendered_alone() -> Iterator[None]:
    """A model that a migration adds is made a class by itself, as when Django loads an app.

    Django makes anew the classes of all models that are related to it, at any distance: with some hundred tables that hang
    together it is most of the time that a first start takes. Nothing needs them anew: the class that is made enters the
    reverse of its relations into those that are there. Models that change are made anew as ever (decision 0023).
    """
    from django.db.migrations.state import ModelState, ProjectState

    usual = ProjectState.add_model

    def add_model(self: Any, model: ModelState) -> None:
        key = model.app_label, model.name_lower
        if "apps" not in self.__dict__ or key[1] in self.apps.all_models[key[0]]:
            usual(self, model)
            return
        self.models[key] = model
        if self._relations is not None:
            self.resolve_model_relations(key)
        self.apps.render_multiple([model])

    with mock.patch.object(ProjectState, "add_model", add_model):
        yield


def refuse_newer_database() -> None:
    """Refuse a database in which a room of ours has a migration that is not among our files."""
    unknown = sorted(applied() - on_disk())
    ours = [f"{app}.{name}" for app, name in unknown if app in our_labels()]
    if ours:
        raise NewerDatabase(migration=ours[0])


def our_labels() -> set[str]:
    """Labels of our own apps."""
    from django.apps import apps

    return {config.label for config in apps.get_app_configs() if config.name.startswith("ronghe.")}


def applied() -> set[tuple[str, str]]:
    """App and name of every migration that the database has."""
    from django.db import connection
    from django.db.migrations.recorder import MigrationRecorder

    return set(MigrationRecorder(connection).applied_migrations())


@functools.cache
def on_disk() -> frozenset[tuple[str, str]]:
    """App and name of every migration of this version."""
    from django.db.migrations.loader import MigrationLoader

    return frozenset(MigrationLoader(None).disk_migrations)
