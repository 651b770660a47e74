"""The API of the zone's office."""

from ninja import Router

from .comparison import router as comparison
from .ledger import router as ledger
from .meetings import router as meetings
from .plans import router as plans
from .reports import router as reports

router = Router()
router.add_router("", plans)
router.add_router("", ledger)
router.add_router("", comparison)
router.add_router("", meetings)
router.add_router("", reports)

__all__ = ["router"]
