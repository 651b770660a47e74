"""Zone packs (数据包): a folder of tables that states one pilot zone as its published documents do.

``read_pack`` reads a folder whole or refuses it whole: :class:`PackFaults` names every fault with file and line, so
that a person can mend them in one go. Nothing here knows the database; loading is ``policy.services``.

A pack holds facts, short titles and clause numbers, never the text of a document (design.md §5). Its files and
columns are those of ``schema.json``.
"""

from .facts import (
    NATIONAL,
    AnnexFacts,
    AreaFacts,
    BoundaryFacts,
    ClauseFacts,
    DefinitionFacts,
    DiscrepancyFacts,
    DivisionFacts,
    DocumentFacts,
    Fault,
    FormerNameFacts,
    InstrumentFacts,
    MatterFacts,
    MilestoneFacts,
    Pack,
    PackFaults,
    RuleFacts,
    StatementFacts,
    TaskFacts,
    TieFacts,
    TopicFacts,
    UnitFacts,
    ValueFacts,
    WorkdayFacts,
    ZoneFacts,
    label_of,
    markers,
)
from .files import digest
from .reading import ZONES, known_packs, read_pack

__all__ = [
    "NATIONAL",
    "ZONES",
    "AnnexFacts",
    "AreaFacts",
    "BoundaryFacts",
    "ClauseFacts",
    "DefinitionFacts",
    "DiscrepancyFacts",
    "DivisionFacts",
    "DocumentFacts",
    "Fault",
    "FormerNameFacts",
    "InstrumentFacts",
    "MatterFacts",
    "MilestoneFacts",
    "Pack",
    "PackFaults",
    "RuleFacts",
    "StatementFacts",
    "TaskFacts",
    "TieFacts",
    "TopicFacts",
    "UnitFacts",
    "ValueFacts",
    "WorkdayFacts",
    "ZoneFacts",
    "digest",
    "known_packs",
    "label_of",
    "markers",
    "read_pack",
]
