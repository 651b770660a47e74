"""What is in force: all parameters of a zone on a day, beside reading the same rows with one plain query."""

from .pages import ZONES, database
from .timing import in_turns


def rows() -> list[tuple[str, str, str]]:
    """(what, figure, beside what) for RESULTS.md."""
    with database():
        from django.db import connection

        from ronghe.kernel.actors import SYSTEM
        from ronghe.kernel.clock import legal_day, now
        from ronghe.policy import queries
        from ronghe.policy.models import ParameterValue
        from ronghe.policy.rulebook import all_rules

        today = legal_day(now())
        found = []
        for slug in ("jinan", "gaoqing"):
            zone = queries.zone(slug, actor=SYSTEM)
            slugs = [one.slug for one in queries.zone_chain(zone) if one is not None]

            def plain(of: tuple[str, ...] = tuple(slugs)) -> list[tuple[object, ...]]:
                with connection.cursor() as cursor:
                    cursor.execute(
                        "SELECT * FROM policy_parametervalue v JOIN policy_parameter p ON p.id = v.parameter_id"
                        " WHERE withdrawn_at IS NULL AND (zone_id IS NULL OR zone_id = ANY(%s))",
                        [list(of)],
                    )
                    return list(cursor.fetchall())

            resolved, read = in_turns(30, lambda z=zone: queries.values_in_force(z, on=today), plain)
            known = len(queries.values_in_force(zone, on=today))
            found.append(
                (
                    f"all {known} parameters of {slug} on a day, {ZONES} zones with "
                    f"{ParameterValue.objects.count():,} values in the database",
                    f"p50 {resolved.median * 1000:.1f} ms, p95 {resolved.quantile(0.95) * 1000:.1f} ms",
                    f"{resolved.median / read.median:.1f} × one query of the same rows ({read.median * 1000:.1f} ms)",
                )
            )
        zone = queries.zone("qingdao", actor=SYSTEM)
        facts = {"area_mu": 5, "has_collective_consent": True, "has_approval": True}
        rule = all_rules()["entry.agreement_exception"]
        given = queries.given_for(rule, [zone], on=today)[0]
        asked, pure = in_turns(
            100,
            lambda: queries.answer(rule.code, zone, on=today, facts=facts),
            lambda: rule.function(rule.facts_type(), given),
        )
        found.append(
            (
                "one answer of entry.agreement_exception, parameters read from the database",
                f"p50 {asked.median * 1000:.2f} ms, p95 {asked.quantile(0.95) * 1000:.2f} ms",
                f"{asked.median / pure.median:.0f} × the pure function alone ({pure.median * 1e6:.0f} µs)",
            )
        )
        return found
