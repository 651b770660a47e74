"""The API of the register."""

from ninja import Router

from .rolls import router as rolls

router = Router(tags=["产权登记"])
router.add_router("", rolls)
