DROP FUNCTION registry_count_anew(text[]);
