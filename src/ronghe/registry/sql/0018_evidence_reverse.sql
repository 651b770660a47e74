DROP TRIGGER evidence_archive_stays ON registry_evidencearchive;
DROP FUNCTION registry_evidence_archive_stays();
DROP TRIGGER evidence_in_time ON registry_surveyevidence;
DROP FUNCTION registry_evidence_in_time();
DROP TRIGGER evidence_stays ON registry_surveyevidence;
DROP FUNCTION registry_evidence_stays();
