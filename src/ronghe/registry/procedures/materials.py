"""申请材料: what the place of a case asks for beyond what the law has every application bring."""

from ronghe.mechanisms.casework.models import Case

from ..queries.parameters import values_for
from . import registration_of

#: The parameter that names the registrations which need a material, by the key of the material.
ASKED = {
    "identity": "registration.materials.identity",
    "survey": "registration.materials.survey",
    "stakes": "registration.materials.stakes",
    "certificate": "registration.materials.certificate",
}


def locally_asked(case: Case) -> frozenset[str]:
    """The keys of the materials that the zone of a case asks for with such a registration; none where it states nothing.

    Source: 不动产登记暂行条例 第十六条 (what may be asked for); which of it is brought as a file each place fixes itself.
    """
    values, registration = values_for(case, *ASKED.values()), registration_of(case)
    asked = {key: values[name].value for key, name in ASKED.items() if name in values}
    return frozenset(key for key, named in asked.items() if isinstance(named, frozenset) and registration in named)
