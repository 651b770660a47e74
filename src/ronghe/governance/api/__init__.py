"""The API of the zone's office."""

from ninja import Router

from .comparison import router as comparison
from .ledger import router as ledger
from .plans import router as plans

router = Router()
router.add_router("", plans)
router.add_router("", ledger)
router.add_router("", comparison)

__all__ = ["router"]
