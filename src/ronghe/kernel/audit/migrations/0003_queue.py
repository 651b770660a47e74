from pathlib import Path

from django.db import migrations

SQL = Path(__file__).parents[1] / "sql"


class Migration(migrations.Migration):
    """Only events enter the queue, and they leave it sealed."""

    dependencies = [("audit", "0002_search_path")]

    operations = [
        migrations.RunSQL(
            (SQL / "0003_queue.sql").read_text(encoding="utf-8"),
            (SQL / "0003_queue_reverse.sql").read_text(encoding="utf-8"),
        ),
    ]
