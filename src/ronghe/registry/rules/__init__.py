"""Rules of the register: pure functions and declarations, found by the rulebook."""

from .applying import AdmissionFacts, ExaminationFacts, admission, examination
from .areas import DrawnAreaFacts, drawn_area
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
from .lines import LineFacts, lines

__all__ = [
    "AdmissionFacts",
    "CertificationFacts",
    "ConfirmationFacts",
    "DrawnAreaFacts",
    "ExaminationFacts",
    "LineFacts",
    "QualificationFacts",
    "WindowFacts",
    "admission",
    "certification",
    "drawn_area",
    "examination",
    "homestead_confirmation",
    "homestead_qualification",
    "lines",
    "windows",
]
