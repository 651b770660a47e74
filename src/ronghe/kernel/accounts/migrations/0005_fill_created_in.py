from typing import Any

from django.db import migrations


def fill(apps: Any, schema_editor: Any) -> None:
    """Where each login was made is said by the record of acts; logins made at the server were made nowhere."""
    made = (
        apps.get_model("audit", "Event")
        .objects.filter(verb="accounts.user.created", subject_type="accounts.user")
        .exclude(division="")
    )
    divisions = set(apps.get_model("regions", "Division").objects.values_list("pk", flat=True))
    users = apps.get_model("accounts", "User").objects
    for user_id, division in made.values_list("subject_id", "division"):
        if division in divisions:
            users.filter(pk=int(user_id), created_in=None).update(created_in=division)


class Migration(migrations.Migration):
    dependencies = [("accounts", "0004_created_in"), ("audit", "0001_initial"), ("regions", "0003_units_stated_by")]

    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
