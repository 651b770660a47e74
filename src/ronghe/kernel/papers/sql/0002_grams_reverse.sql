DROP FUNCTION papers_grams(text, text);
