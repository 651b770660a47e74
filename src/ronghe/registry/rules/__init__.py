"""Rules of the register: pure functions and declarations, found by the rulebook."""

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
    "CertificationFacts",
    "ConfirmationFacts",
    "DrawnAreaFacts",
    "LineFacts",
    "QualificationFacts",
    "WindowFacts",
    "certification",
    "drawn_area",
    "homestead_confirmation",
    "homestead_qualification",
    "lines",
    "windows",
]
