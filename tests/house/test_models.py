"""Tables: a Chinese term, named constraints, protected rows, money in fen."""

import re

from django.apps import apps
from django.db import models

from . import source

#: Foreign keys that do not protect: ``model.field`` → why.
UNPROTECTED: dict[str, str] = {
    "governance.Task.ordered": "a revision may drop what was ordered; what became of it stays, with its own title and clause",
}

#: Words of a column that holds money.
_MONEY = re.compile(r"(^|_)(price|fee|amount|money|deposit|balance|cost|payment|dividend|sum|yuan|credit|debit)(_|$)")


def own() -> list[type[models.Model]]:
    """The models of our rooms."""
    found = [m for m in apps.get_models() if m.__module__.startswith("ronghe.") and ".tests." not in m.__module__]
    return sorted(found, key=lambda m: m._meta.label)


def test_every_model_begins_with_its_chinese_term():
    faults = [
        f"{m._meta.label}: {(m.__doc__ or '').splitlines()[:1]}"
        for m in own()
        if not re.match(r"[\u4e00-\u9fff、]{2,}[^:]*: \S", m.__doc__ or "")
    ]
    assert not faults, source.listed(faults, 'a model\'s docstring is """中文术语: what it is.""" (design §4):')


def test_every_constraint_and_index_is_named_by_us():
    faults = []
    for model in own():
        for one in (*model._meta.constraints, *model._meta.indexes):
            if not re.fullmatch(r"[a-z][a-z0-9_]{4,62}", one.name or "") or re.search(
                r"_[0-9a-f]{6,8}_(idx|uniq)$", one.name
            ):
                faults.append(f"{model._meta.label}: {one.name}")
        if model._meta.unique_together:
            faults.append(f"{model._meta.label}: unique_together has no name")
    assert not faults, source.listed(faults, "name it after the rule that it keeps; services turn names into errors:")


def test_no_two_constraints_share_a_name():
    seen: dict[str, str] = {}
    faults = []
    for model in own():
        for one in model._meta.constraints:
            if one.name in seen:
                faults.append(f"{one.name}: {seen[one.name]} and {model._meta.label}")
            seen[one.name] = model._meta.label
    assert not faults, source.listed(faults, "refuses() finds constraints by name alone:")


def test_every_reference_is_protected():
    faults = []
    for model in own():
        for field in model._meta.get_fields():
            if isinstance(field, models.ForeignKey) and field.model is model:
                label = f"{model._meta.label}.{field.name}"
                if field.remote_field.on_delete is not models.PROTECT and label not in UNPROTECTED:
                    faults.append(f"{label}: {field.remote_field.on_delete.__name__}")
    assert not faults, source.listed(faults, "PROTECT everywhere (style §6), or give a reason in UNPROTECTED here:")


def test_money_is_whole_fen():
    faults = []
    for model in own():
        for field in model._meta.get_fields():
            if not isinstance(field, models.Field):
                continue
            number = isinstance(field, models.IntegerField | models.DecimalField | models.FloatField)
            if field.name.endswith("_fen") and not isinstance(field, models.BigIntegerField):
                faults.append(f"{model._meta.label}.{field.name} is no BigIntegerField")
            if number and _MONEY.search(field.name) and not field.name.endswith(("_fen", "_count")):
                faults.append(f"{model._meta.label}.{field.name} does not end in _fen")
    assert not faults, source.listed(faults, "money is BigIntegerField …_fen (style §4):")


def test_no_model_saves_with_logic_and_no_room_has_signals():
    faults = [m._meta.label for m in own() if "save" in vars(m) or "delete" in vars(m)]
    faults += [
        source.name(p)
        for p in source.code()
        if re.search(r"models\.signals\b|models import signals|@receiver", p.read_text())
    ]
    assert not faults, source.listed(faults, "logic belongs into services (style §1):")
