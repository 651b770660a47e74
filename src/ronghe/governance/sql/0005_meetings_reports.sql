-- What was frozen and written stays; an archived report does not change.

CREATE TRIGGER governance_figures_stay BEFORE UPDATE OR DELETE ON governance_figures
    FOR EACH ROW EXECUTE FUNCTION governance_history_stays();
CREATE TRIGGER governance_version_stays BEFORE UPDATE OR DELETE ON governance_reportversion
    FOR EACH ROW EXECUTE FUNCTION governance_history_stays();

CREATE FUNCTION governance_report_stays() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    IF TG_OP = 'DELETE' OR OLD.state = 'archived'
        OR (NEW.zone_id, NEW.kind, NEW.figures_id) IS DISTINCT FROM (OLD.zone_id, OLD.kind, OLD.figures_id) THEN
        RAISE EXCEPTION 'report % stays', OLD.id USING ERRCODE = 'check_violation', CONSTRAINT = 'work_report_stays';
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER governance_report_stays BEFORE UPDATE OR DELETE ON governance_workreport
    FOR EACH ROW EXECUTE FUNCTION governance_report_stays();
