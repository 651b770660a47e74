"""What the policy room adds to the navigation: of a zone, and of the whole platform."""

from ronghe.kernel.pages import NavItem

from .permissions import PLAN_VIEW

NAV = (
    NavItem("任务", "policy:tasks", "list-check", PLAN_VIEW, in_zone=True, order=20),
    NavItem("文件与条款", "policy:documents", "file-text", PLAN_VIEW, in_zone=True, order=30),
    NavItem("单位", "policy:units", "building-community", PLAN_VIEW, in_zone=True, order=40),
    NavItem("政策库", "library:rules", "books", PLAN_VIEW, order=45),
)
