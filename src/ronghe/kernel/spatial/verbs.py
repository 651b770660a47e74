"""What the acts of the spatial room are called on pages."""

from ronghe.kernel.audit.verbs import name_verbs

name_verbs({"spatial.layer.loaded": "载入图层"})
