"""试算 (trials): a rule is run over a whole table before it is issued, with the values in force and with others."""
