"""jobs: long work in the background, with progress, cancel and a place to find it again (长任务)."""

from .declared import Cancelled, Work, job

__all__ = ["Cancelled", "Work", "job"]
