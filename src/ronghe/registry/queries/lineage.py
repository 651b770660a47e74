"""沿革: from which units one came, and what it became, as far as it goes both ways."""

from django.db import connection

from ..models import BAUnit, Lineage

#: More links than this are no longer read by anybody.
MOST_LINKS = 400

_BOTH_WAYS = """
WITH RECURSIVE up AS (
    SELECT id, before_id FROM registry_lineage WHERE after_id = %s
    UNION SELECT l.id, l.before_id FROM registry_lineage l JOIN up ON l.after_id = up.before_id
), down AS (
    SELECT id, after_id FROM registry_lineage WHERE before_id = %s
    UNION SELECT l.id, l.after_id FROM registry_lineage l JOIN down ON l.before_id = down.after_id
)
SELECT id FROM up UNION SELECT id FROM down ORDER BY id LIMIT %s
"""


def descent(unit: BAUnit) -> list[Lineage]:
    """The links that lead to a unit and from it, the oldest first, with both ends."""
    with connection.cursor() as cursor:
        cursor.execute(_BOTH_WAYS, [unit.pk, unit.pk, MOST_LINKS])
        found = [row[0] for row in cursor.fetchall()]
    if not found:
        return []
    return list(Lineage.objects.filter(pk__in=found).select_related("before", "after").order_by("on", "pk"))
