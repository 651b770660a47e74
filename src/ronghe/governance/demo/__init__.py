"""演示数据 of the zone's office: two years of the work of a ledger, drawn from a seed and made by the services."""

from .building import BEGIN, KINDS, SEED, TODAY, build, build_all, shown_zones
from .people import office_of, unit_of

__all__ = ["BEGIN", "KINDS", "SEED", "TODAY", "build", "build_all", "office_of", "shown_zones", "unit_of"]
