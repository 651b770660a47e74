"""Rules of the register: pure functions and declarations, found by the rulebook."""

from .acquiring import AcquisitionFacts, acquisition
from .agreement import AreaFacts, area_agreement
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
from .income import IncomeChangeFacts, IncomeRightFacts, income_change, income_right
from .lines import LineFacts, lines
from .pledging import PledgeFacts, pledge

__all__ = [
    "AcquisitionFacts",
    "AdmissionFacts",
    "AreaFacts",
    "CertificationFacts",
    "ConfirmationFacts",
    "DrawnAreaFacts",
    "ExaminationFacts",
    "IncomeChangeFacts",
    "IncomeRightFacts",
    "LineFacts",
    "PledgeFacts",
    "QualificationFacts",
    "WindowFacts",
    "acquisition",
    "admission",
    "area_agreement",
    "certification",
    "drawn_area",
    "examination",
    "homestead_confirmation",
    "homestead_qualification",
    "income_change",
    "income_right",
    "lines",
    "pledge",
    "windows",
]
