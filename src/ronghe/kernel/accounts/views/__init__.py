"""Pages of the room: signing in, one's own account, users (system administrator), posts (security administrator)."""

from .sign_in import locked_out

__all__ = ["locked_out"]  # named in the settings (AXES_LOCKOUT_CALLABLE)
