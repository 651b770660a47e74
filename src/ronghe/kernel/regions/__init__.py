"""regions: administrative divisions (行政区划) with their 12-digit codes, org units (机构) and their names."""
