"""What the acts of the regions room are called on pages."""

from ronghe.kernel.audit.verbs import name_verbs

name_verbs({"regions.divisions.loaded": "载入行政区划", "regions.org_units.loaded": "载入单位"})
