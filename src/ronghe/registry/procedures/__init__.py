"""Procedures of the register."""

from .surveys import SURVEY

__all__ = ["SURVEY"]
