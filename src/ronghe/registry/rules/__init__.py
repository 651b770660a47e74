"""Rules of the register: pure functions and declarations, found by the rulebook."""

from .certification import (
    CertificationFacts,
    ConfirmationFacts,
    QualificationFacts,
    WindowFacts,
    certification,
    homestead_confirmation,
    homestead_qualification,
    windows,
)

__all__ = [
    "CertificationFacts",
    "ConfirmationFacts",
    "QualificationFacts",
    "WindowFacts",
    "certification",
    "homestead_confirmation",
    "homestead_qualification",
    "windows",
]
