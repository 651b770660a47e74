"""Commands on users, posts, mandates and tokens. Each writes one event that holds ids and codes only.

Whether the actor's role may call them is asked at the edge (``access.allows``); here the domain's own rules are kept:
三员分立, nobody raises himself, nobody reaches beyond the division of his post. Locks: User, then post, mandate, token.
"""

from .door import forget_failures, give_back, note_failure, take_try
from .posts import end_mandate, end_membership, give_mandate, grant_membership
from .tokens import actor_of_token, create_token, revoke_token
from .users import (
    activate_user,
    change_password,
    create_user,
    deactivate_user,
    end_sign_in,
    keep_only_sign_in,
    keep_session,
    log_in,
    log_out,
    reset_password,
    switch_capacity,
)
from .views import remove_view, rename_view, save_view

__all__ = [
    "activate_user",
    "actor_of_token",
    "change_password",
    "create_token",
    "create_user",
    "deactivate_user",
    "end_mandate",
    "end_membership",
    "end_sign_in",
    "forget_failures",
    "give_back",
    "give_mandate",
    "grant_membership",
    "keep_only_sign_in",
    "keep_session",
    "log_in",
    "log_out",
    "note_failure",
    "remove_view",
    "rename_view",
    "reset_password",
    "revoke_token",
    "save_view",
    "switch_capacity",
    "take_try",
]
