DROP TRIGGER kept_right_fits ON registry_keptright;
DROP FUNCTION registry_kept_right_fits();
DROP TRIGGER filing_stays ON registry_keptrightsfiling;
DROP FUNCTION registry_filing_stays();
DROP TRIGGER member_fits ON registry_collectivemember;
DROP FUNCTION registry_member_fits();
DROP TRIGGER row_is_kept ON registry_collectivemember;
DROP TRIGGER append_only_rows ON registry_keptright;
DROP TRIGGER append_only_table ON registry_keptright;
