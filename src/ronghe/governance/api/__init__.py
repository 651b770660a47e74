"""The API of the zone's office."""

from ninja import Router

from .ledger import router as ledger
from .plans import router as plans

router = Router()
router.add_router("", plans)
router.add_router("", ledger)

__all__ = ["router"]
