"""Rules of the register: pure functions and declarations, found by the rulebook."""

from .applying import AdmissionFacts, ExaminationFacts, admission, examination
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
    "AdmissionFacts",
    "CertificationFacts",
    "ConfirmationFacts",
    "ExaminationFacts",
    "QualificationFacts",
    "WindowFacts",
    "admission",
    "certification",
    "examination",
    "homestead_confirmation",
    "homestead_qualification",
    "windows",
]
