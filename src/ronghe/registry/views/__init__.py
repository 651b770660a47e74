"""Pages of the register."""

from .book import unit
from .contracts import contract, contracts
from .own import mine, proof, proof_pdf, prove
from .rates import rates
from .units import open_unit, units

__all__ = ["contract", "contracts", "mine", "open_unit", "proof", "proof_pdf", "prove", "rates", "unit", "units"]
