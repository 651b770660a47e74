"""What the register adds to the navigation."""

from ronghe.kernel.pages import NavItem

from .permissions import BOOK_VIEW, WINDOW_VIEW

NAV = (
    NavItem("成员和台账", "registry:rolls", "users", WINDOW_VIEW, order=33),
    NavItem("权籍调查", "registry:surveys", "file-import", BOOK_VIEW, order=34),
)
