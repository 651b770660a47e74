DROP TRIGGER row_is_kept ON registry_parcelprofile;
DROP TRIGGER append_only_rows ON registry_contractedcode;
DROP TRIGGER append_only_table ON registry_contractedcode;
DROP TRIGGER append_only_rows ON registry_bookquery;
DROP TRIGGER append_only_table ON registry_bookquery;
