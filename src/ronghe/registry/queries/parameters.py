"""Parameters of a case: by its zone, as they were on the day when it was opened."""

from collections.abc import Mapping

from ronghe.kernel.clock import legal_day
from ronghe.mechanisms.casework.models import Case
from ronghe.policy import queries as policy
from ronghe.policy.rulebook import Given, InForce, rule_named


def values_for(case: Case, *names: str) -> Mapping[str, InForce]:
    """The named parameters for a case; outside of zones, those of the nation."""
    return policy.values_in_force(case.zone, on=legal_day(case.opened_at), parameters=names)


def given_in(case: Case, rule: str) -> Given:
    """What a rule is given for a case."""
    return policy.given_for(rule_named(rule), [case.zone], on=legal_day(case.opened_at))[0]
