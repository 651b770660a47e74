"""Tables of the register (ISO 19152 LADM): units and their ground, rights, restrictions, duties, sources, proofs."""

from .applications import Application, ApplicationEntry, ApplicationHolder, ApplicationPart, LapseFact
from .appointments import Appointment, AppointmentHours, AppointmentPlan
from .evidence import EvidenceArchive, SurveyEvidence
from .exchange import (
    BookQuery,
    ContractedCode,
    Exchange,
    ParcelProfile,
    QueryNetwork,
    Reconciliation,
    ReconciliationRow,
    StagedUnit,
)
from .filings import KeptRight, KeptRightsFiling
from .income import IncomeApplication, IncomeCertificate, IncomeLine, IncomeRight, IncomeShares
from .lists import IllegalOccupation, LegacyHomestead, RegistrationWindow, VillagePlan
from .proofs import Certificate, CodeSeries
from .rights import RRR, Responsibility, Restriction, Right
from .rolls import CollectiveMember, MembershipCase
from .sources import AdministrativeSource, SpatialSource
from .surveys import SurveyAttempt, SurveyBatch, SurveyedHolder, SurveyedParcel, SurveyFinding
from .units import BAUnit, Lineage, SpatialUnit, SpatialUnitVersion, UnitGround

__all__ = [
    "RRR",
    "AdministrativeSource",
    "Application",
    "ApplicationEntry",
    "ApplicationHolder",
    "ApplicationPart",
    "Appointment",
    "AppointmentHours",
    "AppointmentPlan",
    "BAUnit",
    "BookQuery",
    "Certificate",
    "CodeSeries",
    "CollectiveMember",
    "ContractedCode",
    "EvidenceArchive",
    "Exchange",
    "IllegalOccupation",
    "IncomeApplication",
    "IncomeCertificate",
    "IncomeLine",
    "IncomeRight",
    "IncomeShares",
    "KeptRight",
    "KeptRightsFiling",
    "LapseFact",
    "LegacyHomestead",
    "Lineage",
    "MembershipCase",
    "ParcelProfile",
    "QueryNetwork",
    "Reconciliation",
    "ReconciliationRow",
    "RegistrationWindow",
    "Responsibility",
    "Restriction",
    "Right",
    "SpatialSource",
    "SpatialUnit",
    "SpatialUnitVersion",
    "StagedUnit",
    "SurveyAttempt",
    "SurveyBatch",
    "SurveyEvidence",
    "SurveyFinding",
    "SurveyedHolder",
    "SurveyedParcel",
    "UnitGround",
    "VillagePlan",
]
