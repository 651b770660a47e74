"""Tables of the register (ISO 19152 LADM): units and their ground, rights, restrictions, duties, sources, proofs."""

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
from .proofs import Certificate, CodeSeries
from .rights import RRR, Responsibility, Restriction, Right
from .sources import AdministrativeSource, SpatialSource
from .units import BAUnit, Lineage, SpatialUnit, SpatialUnitVersion, UnitGround

__all__ = [
    "RRR",
    "AdministrativeSource",
    "BAUnit",
    "BookQuery",
    "Certificate",
    "CodeSeries",
    "ContractedCode",
    "Exchange",
    "Lineage",
    "ParcelProfile",
    "QueryNetwork",
    "Reconciliation",
    "ReconciliationRow",
    "Responsibility",
    "Restriction",
    "Right",
    "SpatialSource",
    "SpatialUnit",
    "SpatialUnitVersion",
    "StagedUnit",
    "UnitGround",
]
