"""成员名册 of the demonstration: every one of a village's households stands on the roll of its collective."""

from collections.abc import Sequence
from datetime import date, datetime, time
from typing import Any

from django.db import connection

from ronghe.kernel.actors import SYSTEM
from ronghe.kernel.audit.services import record
from ronghe.kernel.clock import LEGAL_ZONE

from .loading import Village

#: The day from which the rolls count their first members, and the one on which they were put into the register.
FOUNDED, ENTERED = date(2018, 6, 1), datetime.combine(date(2024, 1, 8), time(10), LEGAL_ZONE)

#: Whoever came later came by birth, or by marriage. One statement for a village: the database judges each row.
_ENROL = """
INSERT INTO registry_collectivemember (collective_id, person_id, begun_by, ended_by, valid, recorded)
SELECT %(collective)s, m.person_id,
       CASE WHEN greatest(lower(m.valid), p.birth_date) <= %(founded)s THEN 'original'
            WHEN lower(m.valid) <= p.birth_date THEN 'birth'
            WHEN m.relation IN ('12', '28', '38') THEN 'marriage'
            ELSE 'original' END,
       '', daterange(greatest(lower(m.valid), p.birth_date, %(founded)s), NULL), tstzrange(%(at)s, NULL)
FROM parties_householdmember m JOIN parties_party p ON p.id = m.person_id
WHERE m.household_id = ANY(%(households)s) AND upper_inf(m.recorded) AND m.valid @> %(day)s::date
  AND p.kind = 'person' AND p.state <> 'merged' AND (p.ended_on IS NULL OR p.ended_on > %(day)s)
  AND NOT EXISTS (SELECT 1 FROM registry_collectivemember c WHERE c.person_id = m.person_id AND upper_inf(c.recorded))
ORDER BY m.id
"""


def enrol(villages: Sequence[Village]) -> None:
    """Fill the rolls; a person who stands on one already is left alone. One event for each village, with the number."""
    for village in villages:
        given: dict[str, Any] = {
            "collective": village.collective, "households": village.households, "founded": FOUNDED,
            "day": ENTERED.date(), "at": ENTERED,
        }  # fmt: skip
        with connection.cursor() as cursor:
            cursor.execute(_ENROL, given)
            count = cursor.rowcount
        record(
            verb="registry.demo.enrolled", subject=("parties.Party", village.collective), actor=SYSTEM, at=ENTERED,
            facts={"members": count}, division=village.division,
        )  # fmt: skip
