"""Rules of the register: pure functions and declarations, found by the rulebook."""

from .agreement import AreaFacts, area_agreement
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
    "AreaFacts",
    "CertificationFacts",
    "ConfirmationFacts",
    "QualificationFacts",
    "WindowFacts",
    "area_agreement",
    "certification",
    "homestead_confirmation",
    "homestead_qualification",
    "windows",
]
