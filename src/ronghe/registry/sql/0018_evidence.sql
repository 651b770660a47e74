-- What was given for a surveyed parcel stays: it goes to the parcel of another file, becomes the unit's on entry, or is
-- withdrawn once; nothing else of it changes, and after the entry, or when the batch was given up, nothing at all.
CREATE FUNCTION registry_evidence_stays() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND OLD.withdrawn_at IS NULL AND OLD.baunit_id IS NULL
       AND to_jsonb(OLD) - '{number,baunit_id,withdrawn_at,withdrawn_by_id,withdrawn_reason}'::text[]
         = to_jsonb(NEW) - '{number,baunit_id,withdrawn_at,withdrawn_by_id,withdrawn_reason}'::text[] THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION '调查佐证只能撤回一次，不能改写、恢复或删除；登簿后不再变动。'
        USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'evidence_stays';
END $$;

CREATE TRIGGER evidence_stays BEFORE UPDATE OR DELETE ON registry_surveyevidence
    FOR EACH ROW EXECUTE FUNCTION registry_evidence_stays();

CREATE FUNCTION registry_evidence_in_time() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM registry_surveybatch WHERE id = NEW.batch_id AND state IN ('entered', 'closed')) THEN
        RAISE EXCEPTION '调查批次已经登簿或终止，佐证不再变动。'
            USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'evidence_in_time';
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER evidence_in_time BEFORE INSERT OR UPDATE ON registry_surveyevidence
    FOR EACH ROW EXECUTE FUNCTION registry_evidence_in_time();

-- An archive is answered once; what was given and what was answered stay.
CREATE FUNCTION registry_evidence_archive_stays() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND OLD.state = 'checking'
       AND to_jsonb(OLD) - '{state,failure,counts,lines,job_id,checked_at}'::text[]
         = to_jsonb(NEW) - '{state,failure,counts,lines,job_id,checked_at}'::text[] THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION '佐证压缩包和核对结果不能改写或删除。'
        USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'evidence_archive_stays';
END $$;

CREATE TRIGGER evidence_archive_stays BEFORE UPDATE OR DELETE ON registry_evidencearchive
    FOR EACH ROW EXECUTE FUNCTION registry_evidence_archive_stays();
