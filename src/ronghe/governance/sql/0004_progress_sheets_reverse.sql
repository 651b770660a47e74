DROP TRIGGER governance_sheet_stays ON governance_sheet;
DROP FUNCTION governance_sheet_stays();
DROP TRIGGER governance_extension_stays ON governance_extension;
DROP TRIGGER governance_evidence_stays ON governance_evidence;
DROP TRIGGER governance_progress_stays ON governance_progressreport;
