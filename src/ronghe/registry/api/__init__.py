"""The API of the register."""

from ninja import Router

from .applications import router as applications
from .appointments import router as appointments
from .book import router as book
from .evidence import router as evidence
from .exchange import router as exchange
from .income import router as income
from .line_check import router as line_check
from .rolls import router as rolls
from .surveys import router as surveys

router = Router()
for one in (applications, appointments, book, evidence, exchange, income, line_check, rolls, surveys):
    router.add_router("", one)

__all__ = ["router"]
