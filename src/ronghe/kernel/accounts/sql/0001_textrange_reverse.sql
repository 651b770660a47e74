DROP TYPE accounts_textrange;
