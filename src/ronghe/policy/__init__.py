"""policy: documents → clauses → ordered tasks; parameters by zone and date; rulings with steps and citations."""
