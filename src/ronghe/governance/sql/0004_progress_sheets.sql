-- What was reported and granted stays; a sheet changes only by its answer and its end.

CREATE TRIGGER governance_progress_stays BEFORE UPDATE OR DELETE ON governance_progressreport
    FOR EACH ROW EXECUTE FUNCTION governance_history_stays();
CREATE TRIGGER governance_evidence_stays BEFORE UPDATE OR DELETE ON governance_evidence
    FOR EACH ROW EXECUTE FUNCTION governance_history_stays();
CREATE TRIGGER governance_extension_stays BEFORE UPDATE OR DELETE ON governance_extension
    FOR EACH ROW EXECUTE FUNCTION governance_history_stays();

CREATE FUNCTION governance_sheet_stays() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    IF TG_OP = 'DELETE' OR OLD.state IN ('closed', 'followed')
        OR (NEW.task_id, NEW.unit_id, NEW.rank, NEW.colour, NEW.matter, NEW.demand, NEW.reply_by, NEW.follows_id, NEW.issued_at)
            IS DISTINCT FROM
           (OLD.task_id, OLD.unit_id, OLD.rank, OLD.colour, OLD.matter, OLD.demand, OLD.reply_by, OLD.follows_id, OLD.issued_at)
        OR (OLD.paper_id IS NOT NULL AND NEW.paper_id IS DISTINCT FROM OLD.paper_id) THEN
        RAISE EXCEPTION 'sheet % stays', OLD.id USING ERRCODE = 'check_violation', CONSTRAINT = 'sheet_stays';
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER governance_sheet_stays BEFORE UPDATE OR DELETE ON governance_sheet
    FOR EACH ROW EXECUTE FUNCTION governance_sheet_stays();
