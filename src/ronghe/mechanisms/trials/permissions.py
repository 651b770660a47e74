"""What trials let each role do."""

from ronghe.kernel.accounts.roles import BUSINESS, permit

TRIAL_RUN = permit("trials.run", "对成批事实试算规则，查看试算结果", BUSINESS)
