# What was shown of a right that is to be pledged.

import django.contrib.postgres.fields
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("registry", "0007_exchange")]

    operations = [
        migrations.AddField(
            model_name="application",
            name="shown",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.CharField(max_length=20), default=list, size=None, verbose_name="抵押登记查明的事实"
            ),
        ),
        migrations.AddConstraint(
            model_name="application",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("shown__contained_by", ["filed", "contractor_consents", "bank", "other_dwelling", "entered"])
                ),
                name="application_shown_is_known",
            ),
        ),
    ]
