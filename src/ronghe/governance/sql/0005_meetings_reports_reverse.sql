DROP TRIGGER governance_report_stays ON governance_workreport;
DROP FUNCTION governance_report_stays();
DROP TRIGGER governance_version_stays ON governance_reportversion;
DROP TRIGGER governance_figures_stay ON governance_figures;
