"""What this room puts into the header."""

from ronghe.kernel.pages import NavItem

from .permissions import PAPER_CHECK, PAPER_VIEW

NAV = (
    NavItem("文书", "papers:papers", "file-certificate", PAPER_VIEW, order=65),
    NavItem("核验", "papers:check", "qrcode", PAPER_CHECK, order=48),
)
