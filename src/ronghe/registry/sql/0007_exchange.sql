-- Codes of contracted land, and who was told what of a unit, stay as they were written; profiles are closed, never changed.
SELECT ronghe_append_only('registry_contractedcode');
SELECT ronghe_append_only('registry_bookquery');
CREATE TRIGGER row_is_kept BEFORE UPDATE OR DELETE ON registry_parcelprofile
    FOR EACH ROW EXECUTE FUNCTION parties_row_is_kept('recorded');
