"""Procedures of the zone's office: how a plan becomes a zone, how a task is closed, how a deadline is moved."""

from .plans import CHECK, CONFIRM, KEY, PLAN_INTAKE, READ, refuse_corrector
from .tasks import EXTENSION, SIGN_OFF

__all__ = ["CHECK", "CONFIRM", "EXTENSION", "KEY", "PLAN_INTAKE", "READ", "SIGN_OFF", "refuse_corrector"]
