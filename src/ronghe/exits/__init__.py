"""权益退出: leaving homestead, contracted land or collective shares; freely, for pay, and one right at a time."""
