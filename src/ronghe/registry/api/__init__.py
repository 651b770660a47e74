"""The API of the register."""

from ninja import Router

from .surveys import router as surveys

router = Router()
router.add_router("", surveys)

__all__ = ["router"]
