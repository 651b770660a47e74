"""The API of the register."""

from ninja import Router

router = Router(tags=["产权登记"])
