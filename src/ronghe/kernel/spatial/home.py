"""What the map puts into the header."""

from ronghe.kernel.pages import NavItem

from .permissions import LAYERS_ANALYSE

NAV = (NavItem("图层", "spatial:layers", "map-2", LAYERS_ANALYSE, order=48),)
