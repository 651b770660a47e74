"""Who is held off at the door: logins that fail are counted by the network that they come from."""

from datetime import datetime

from axes.models import AccessAttempt
from django.db import transaction
from django.db.models import F, Q

from ronghe.kernel import clock
from ronghe.kernel.actors import Actor
from ronghe.kernel.audit import services as audit

from .. import rules
from ..errors import NetworkHeldOff
from ..models import LoginSource, User


@transaction.atomic
def take_try(*, address: str, at: datetime) -> LoginSource:
    """Count a login as failed before its password is checked, so that many at once cannot pass the limit together.

    ``give_back`` when it was right. Locks: LoginSource. Raises: NetworkHeldOff.
    """
    network = rules.network_of(address)
    source, _ = LoginSource.objects.select_for_update().get_or_create(network=network, defaults={"since": at})
    if at >= source.since + rules.FAILURES_COUNT_FOR:
        source.since, source.failures = at, 0
    if source.failures >= rules.FAILURES_PER_NETWORK:
        until = (source.since + rules.FAILURES_COUNT_FOR).astimezone(clock.LEGAL_ZONE)
        raise NetworkHeldOff(limit=rules.FAILURES_PER_NETWORK, until=until)
    source.failures += 1
    source.save(update_fields=["since", "failures"])
    return source


def give_back(source: LoginSource) -> None:
    """The login that ``take_try`` counted did not fail."""
    same = LoginSource.objects.filter(pk=source.pk, since=source.since, failures__gt=0)
    same.update(failures=F("failures") - 1)


@transaction.atomic
def note_failure(*, source: LoginSource, username: str, name_locked: bool, actor: Actor, at: datetime) -> None:
    """Record that a failed login has locked its name here, or holds its network off; a failure alone is no event.

    So nobody can flood the record of acts: at most one event an hour and network, and one for each lock of a name. What
    was typed is not kept: people type passwords and telephone numbers into the wrong field. Locks: LoginSource.
    """
    if name_locked:
        user_id = User.objects.filter(username=username).values_list("pk", flat=True).first()
        audit.record(verb="accounts.login.locked", subject=("accounts.user", user_id or "unknown"), actor=actor, at=at)
    begins = LoginSource.objects.select_for_update().filter(
        Q(held_off_at=None) | Q(held_off_at__lt=F("since")), pk=source.pk, failures__gte=rules.FAILURES_PER_NETWORK
    )
    for row in begins:
        row.held_off_at = at
        row.save(update_fields=["held_off_at"])
        audit.record(verb="accounts.network.held_off", subject=row, actor=actor, at=at)


@transaction.atomic
def forget_failures(*, at: datetime) -> int:
    """Clear away failures that count no more, also those of django-axes by name; returns how many rows went."""
    over = at - rules.FAILURES_COUNT_FOR  # the lock of a name is shorter (AXES_COOLOFF_TIME)
    attempts: int = AccessAttempt.objects.filter(attempt_time__lt=over).delete()[0]
    known = Q(held_off_at__gte=at - rules.HELD_OFF_STAYS_KNOWN)
    sources: int = LoginSource.objects.filter(since__lte=over).exclude(known).delete()[0]
    return attempts + sources
