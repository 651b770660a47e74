"""The API of the zone's office."""

from ninja import Router

from .plans import router as plans

router = Router()
router.add_router("", plans)

__all__ = ["router"]
