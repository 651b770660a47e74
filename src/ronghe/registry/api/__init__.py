"""The API of the register."""

from ninja import Router

from .applications import router as applications
from .rolls import router as rolls
from .surveys import router as surveys

router = Router()
router.add_router("", applications)
router.add_router("", rolls)
router.add_router("", surveys)

__all__ = ["router"]
