"""What this room puts into the header."""

from ronghe.kernel.pages import NavItem

from .permissions import BOOK_VIEW, PUBLIC_QUERY

NAV = (
    NavItem("登记信息查询", "registry:query", "search", PUBLIC_QUERY, order=49),
    NavItem("地块信息", "registry:parcels", "map-2", BOOK_VIEW, order=56),
    NavItem("数据汇交", "registry:exchanges", "file-import", BOOK_VIEW, order=57),
)
