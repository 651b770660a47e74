"""What the register adds to the navigation."""

from ronghe.kernel.pages import NavItem

from .permissions import BOOK_VIEW

NAV = (NavItem("权籍调查", "registry:surveys", "file-import", BOOK_VIEW, order=34),)
