"""Who may do what with layers; which layers one sees, the layers say."""

from ronghe.kernel.accounts.roles import BUSINESS, Role, permit

LAYERS_OPEN = permit("spatial.layer.open", "查看图层", {Role.PUBLIC})
LAYERS_EDIT = permit("spatial.layer.edit", "维护图层和导入", {Role.ZONE_OFFICE, Role.DEPARTMENT, Role.TOWN_WINDOW})
LAYERS_ANALYSE = permit("spatial.layer.analyse", "叠加分析、拓扑检查和导出", BUSINESS)
