"""Tables of the register (ISO 19152 LADM): units and their ground, rights, restrictions, duties, sources, proofs."""

from .filings import KeptRight, KeptRightsFiling
from .lists import IllegalOccupation, LegacyHomestead, RegistrationWindow, VillagePlan
from .proofs import Certificate, CodeSeries
from .rights import RRR, Responsibility, Restriction, Right
from .rolls import CollectiveMember, MembershipCase
from .sources import AdministrativeSource, SpatialSource
from .units import BAUnit, Lineage, SpatialUnit, SpatialUnitVersion, UnitGround

__all__ = [
    "RRR",
    "AdministrativeSource",
    "BAUnit",
    "Certificate",
    "CodeSeries",
    "CollectiveMember",
    "IllegalOccupation",
    "KeptRight",
    "KeptRightsFiling",
    "LegacyHomestead",
    "Lineage",
    "MembershipCase",
    "RegistrationWindow",
    "Responsibility",
    "Restriction",
    "Right",
    "SpatialSource",
    "SpatialUnit",
    "SpatialUnitVersion",
    "UnitGround",
    "VillagePlan",
]
