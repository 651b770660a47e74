"""人口: settlement of people from the countryside, their services, talents for the villages."""
