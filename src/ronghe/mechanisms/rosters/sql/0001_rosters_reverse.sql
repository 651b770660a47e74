DROP TRIGGER rosters_version_stays ON rosters_version;
DROP FUNCTION rosters_version_stays();
