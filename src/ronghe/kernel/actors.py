"""Who acts: the value that every service takes and every event records."""

from dataclasses import asdict, dataclass
from typing import Any, Self


@dataclass(frozen=True, slots=True)
class Actor:
    """行为人: a user acting in one role for one org unit, or on behalf of a party.

    All fields are ids or codes, so that an actor can be recorded without personal values.
    ``division`` is the 12-digit code under which the role was granted: it reaches that division and all below.
    """

    user_id: int | None
    role: str
    org_unit_id: int | None = None
    division: str | None = None
    on_behalf_of_id: int | None = None

    def as_args(self) -> dict[str, Any]:
        """For the arguments of a job: whoever ordered long work stands in the events of what it does."""
        return asdict(self)

    @classmethod
    def from_args(cls, args: dict[str, Any]) -> Self:
        """The actor that ``as_args`` wrote."""
        return cls(**args)

    @property
    def is_anonymous(self) -> bool:
        return self.user_id is None and self.role == PUBLIC_ROLE


PUBLIC_ROLE = "public"
SYSTEM_ROLE = "system"

#: 公众: whoever looks at the public pages without signing in.
PUBLIC = Actor(user_id=None, role=PUBLIC_ROLE)
#: 系统: loading of packs, sealing, migrations: acts that no person does.
SYSTEM = Actor(user_id=None, role=SYSTEM_ROLE)
