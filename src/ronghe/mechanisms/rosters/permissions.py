"""What is needed for lists at all; which list a role may see and change, the list itself says."""

from ronghe.kernel.accounts.roles import Role, permit

ROSTERS_OPEN = permit("rosters.list.open", "打开台账", {Role.PUBLIC})
