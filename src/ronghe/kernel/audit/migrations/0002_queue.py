from pathlib import Path

from django.db import migrations

SQL = Path(__file__).parents[1] / "sql"


class Migration(migrations.Migration):
    """Only events enter the queue, and they leave it sealed."""

    dependencies = [("audit", "0001_initial")]

    operations = [
        migrations.RunSQL(
            (SQL / "0002_queue.sql").read_text(encoding="utf-8"),
            (SQL / "0002_queue_reverse.sql").read_text(encoding="utf-8"),
        ),
    ]
