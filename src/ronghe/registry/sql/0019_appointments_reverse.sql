DROP TRIGGER appointment_stays ON registry_appointment;
DROP FUNCTION registry_appointment_stays();
DROP TRIGGER appointment_is_offered ON registry_appointment;
DROP FUNCTION registry_appointment_is_offered();
ALTER TABLE registry_appointmenthours DROP CONSTRAINT appointment_hours_apart;
DROP TRIGGER append_only_rows ON registry_appointmenthours;
DROP TRIGGER append_only_table ON registry_appointmenthours;
DROP TRIGGER append_only_rows ON registry_appointmentplan;
DROP TRIGGER append_only_table ON registry_appointmentplan;
