"""The API of the policy room."""

from ninja import Router

from .parameters import router as parameters
from .plans import router as plans
from .rulings import router as rules
from .workdays import router as workdays

router = Router()
router.add_router("", plans)
router.add_router("", rules)
router.add_router("", parameters)
router.add_router("", workdays)

__all__ = ["router"]
