# Which rows may not hold at once is compared by squares: GiST finds its way in them several times faster than in ranges.

import django.contrib.postgres.constraints
from django.db import migrations, models

import ronghe.kernel.versions


class Migration(migrations.Migration):
    dependencies = [
        ("parties", "0003_what_is_kept"),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="householdmember",
            name="household_member_in_one_household",
        ),
        migrations.RemoveConstraint(
            model_name="householdmember",
            name="household_has_one_head",
        ),
        migrations.RemoveConstraint(
            model_name="partyname",
            name="party_name_once_per_time",
        ),
        migrations.RemoveConstraint(
            model_name="representative",
            name="representative_one_per_time",
        ),
        migrations.AddConstraint(
            model_name="householdmember",
            constraint=django.contrib.postgres.constraints.ExclusionConstraint(
                expressions=[
                    (ronghe.kernel.versions.Square(models.F("person")), "&&"),
                    ("valid", "&&"),
                    ("recorded", "&&"),
                ],
                name="household_member_in_one_household",
            ),
        ),
        migrations.AddConstraint(
            model_name="householdmember",
            constraint=django.contrib.postgres.constraints.ExclusionConstraint(
                condition=models.Q(("is_head", True)),
                expressions=[
                    (ronghe.kernel.versions.Square(models.F("household")), "&&"),
                    ("valid", "&&"),
                    ("recorded", "&&"),
                ],
                name="household_has_one_head",
            ),
        ),
        migrations.AddConstraint(
            model_name="partyname",
            constraint=django.contrib.postgres.constraints.ExclusionConstraint(
                expressions=[
                    (ronghe.kernel.versions.Square(models.F("party")), "&&"),
                    ("valid", "&&"),
                    ("recorded", "&&"),
                ],
                name="party_name_once_per_time",
            ),
        ),
        migrations.AddConstraint(
            model_name="representative",
            constraint=django.contrib.postgres.constraints.ExclusionConstraint(
                expressions=[
                    (ronghe.kernel.versions.Square(models.F("body")), "&&"),
                    ("valid", "&&"),
                    ("recorded", "&&"),
                ],
                name="representative_one_per_time",
            ),
        ),
    ]
