"""The API of the register."""

from ninja import Router

from .applications import router as applications

router = Router(tags=["产权登记"])
router.add_router("", applications)
