from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("spatial", "0002_history_imports_analyses")]

    operations = [
        migrations.AddField(
            model_name="layer",
            name="content",
            field=models.CharField(default="", max_length=40, verbose_name="内容来源"),
        ),
        migrations.AddConstraint(
            model_name="layer",
            constraint=models.CheckConstraint(
                condition=models.Q(("content", ""), ("public", False), _connector="OR"),
                name="layer_drawn_is_not_public",
            ),
        ),
    ]
