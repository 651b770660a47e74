"""The API of the policy room."""

from ninja import Router

from .plans import router as plans
from .rulings import router as rules

router = Router()
router.add_router("", plans)
router.add_router("", rules)

__all__ = ["router"]
