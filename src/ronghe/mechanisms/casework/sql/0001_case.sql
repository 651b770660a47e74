-- A case moves only by a decision that its procedure allows: from page, from the API, from Python and by hand.

CREATE FUNCTION casework_decision_is_allowed() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
DECLARE
    found casework_case%ROWTYPE;
BEGIN
    SELECT * INTO found FROM casework_case WHERE id = NEW.case_id FOR UPDATE;
    IF found.state NOT IN ('open', 'paused') THEN
        RAISE EXCEPTION 'case % is closed', NEW.case_id USING ERRCODE = 'check_violation', CONSTRAINT = 'decision_on_open_case';
    END IF;
    IF NEW.procedure <> found.procedure OR NEW.from_step <> found.step OR NEW.number <> found.moves + 1 THEN
        RAISE EXCEPTION 'decision % does not follow the state of case %', NEW.number, NEW.case_id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'decision_follows_the_case';
    END IF;
    IF NOT EXISTS (
        SELECT 1 FROM casework_procedureedge e
        WHERE e.procedure = NEW.procedure AND e.version = NEW.version
          AND e.from_step = NEW.from_step AND e.action = NEW.action AND e.to_step = NEW.to_step
    ) THEN
        RAISE EXCEPTION 'no such move: % -(%)-> %', NEW.from_step, NEW.action, NEW.to_step
            USING ERRCODE = 'check_violation', CONSTRAINT = 'decision_is_declared';
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER casework_decision_is_allowed BEFORE INSERT ON casework_decision
    FOR EACH ROW EXECUTE FUNCTION casework_decision_is_allowed();

CREATE FUNCTION casework_decision_moved_the_case() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    IF (SELECT moves FROM casework_case WHERE id = NEW.case_id) < NEW.number THEN
        RAISE EXCEPTION 'decision % has not moved case %', NEW.number, NEW.case_id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'decision_moves_the_case';
    END IF;
    RETURN NULL;
END $$;

CREATE CONSTRAINT TRIGGER casework_decision_moved_the_case AFTER INSERT ON casework_decision
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION casework_decision_moved_the_case();

CREATE FUNCTION casework_history_stays() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    RAISE EXCEPTION '% is never changed or removed', TG_TABLE_NAME
        USING ERRCODE = 'check_violation', CONSTRAINT = TG_TABLE_NAME || '_stays';
END $$;

CREATE TRIGGER casework_decision_stays BEFORE UPDATE OR DELETE ON casework_decision
    FOR EACH ROW EXECUTE FUNCTION casework_history_stays();
CREATE TRIGGER casework_handover_stays BEFORE UPDATE OR DELETE ON casework_handover
    FOR EACH ROW EXECUTE FUNCTION casework_history_stays();
CREATE TRIGGER casework_edge_stays BEFORE UPDATE OR DELETE ON casework_procedureedge
    FOR EACH ROW EXECUTE FUNCTION casework_history_stays();
CREATE TRIGGER casework_case_is_not_removed BEFORE DELETE ON casework_case
    FOR EACH ROW EXECUTE FUNCTION casework_history_stays();
CREATE TRIGGER casework_material_is_not_removed BEFORE DELETE ON casework_material
    FOR EACH ROW EXECUTE FUNCTION casework_history_stays();
CREATE TRIGGER casework_objection_is_not_removed BEFORE DELETE ON casework_objection
    FOR EACH ROW EXECUTE FUNCTION casework_history_stays();

CREATE FUNCTION casework_case_moves_by_decision() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        IF NEW.moves <> 0 OR NEW.state <> 'open' THEN
            RAISE EXCEPTION 'a case begins open and unmoved'
                USING ERRCODE = 'check_violation', CONSTRAINT = 'case_begins_unmoved';
        END IF;
        IF NOT EXISTS (
            SELECT 1 FROM casework_procedureedge e
            WHERE e.procedure = NEW.procedure AND e.from_step = '' AND e.action = 'open' AND e.to_step = NEW.step
        ) THEN
            RAISE EXCEPTION 'no case of % begins in %', NEW.procedure, NEW.step
                USING ERRCODE = 'check_violation', CONSTRAINT = 'case_begins_in_its_first_step';
        END IF;
        RETURN NEW;
    END IF;
    IF OLD.state IN ('done', 'refused', 'withdrawn') THEN
        RAISE EXCEPTION 'case % is closed', OLD.id USING ERRCODE = 'check_violation', CONSTRAINT = 'case_closed_stays';
    END IF;
    IF (NEW.number, NEW.procedure, NEW.division_id, NEW.opened_at, NEW.opened_by_id, NEW.applicant_id, NEW.zone_id)
        IS DISTINCT FROM
       (OLD.number, OLD.procedure, OLD.division_id, OLD.opened_at, OLD.opened_by_id, OLD.applicant_id, OLD.zone_id) THEN
        RAISE EXCEPTION 'the head of case % stays', OLD.id USING ERRCODE = 'check_violation', CONSTRAINT = 'case_head_stays';
    END IF;
    IF OLD.subject_id <> '' AND (NEW.subject_type, NEW.subject_id) IS DISTINCT FROM (OLD.subject_type, OLD.subject_id) THEN
        RAISE EXCEPTION 'the subject of case % stays', OLD.id USING ERRCODE = 'check_violation', CONSTRAINT = 'case_head_stays';
    END IF;
    IF NEW.moves = OLD.moves THEN
        -- Without a decision a case may only pause and go on.
        IF NEW.step <> OLD.step OR NEW.state NOT IN ('open', 'paused') THEN
            RAISE EXCEPTION 'case % moves by a decision alone', OLD.id
                USING ERRCODE = 'check_violation', CONSTRAINT = 'case_moves_by_decision';
        END IF;
        RETURN NEW;
    END IF;
    IF NEW.moves <> OLD.moves + 1 OR NOT EXISTS (
        SELECT 1 FROM casework_decision d WHERE d.case_id = OLD.id AND d.number = NEW.moves
          AND d.from_step = OLD.step AND d.to_step = NEW.step
    ) THEN
        RAISE EXCEPTION 'case % moves by a decision alone', OLD.id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'case_moves_by_decision';
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER casework_case_moves_by_decision BEFORE INSERT OR UPDATE ON casework_case
    FOR EACH ROW EXECUTE FUNCTION casework_case_moves_by_decision();

-- What was attached, told and said stays as it was: a file is at most taken back, a notice at most ends, an objection at
-- most is answered.

CREATE FUNCTION casework_material_stays() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    IF (SELECT state FROM casework_case WHERE id = NEW.case_id) NOT IN ('open', 'paused') THEN
        RAISE EXCEPTION 'case % is closed', NEW.case_id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'material_of_an_open_case';
    END IF;
    IF TG_OP = 'UPDATE' AND (
        OLD.removed_at IS NOT NULL OR to_jsonb(NEW) - 'removed_at' IS DISTINCT FROM to_jsonb(OLD) - 'removed_at'
    ) THEN
        RAISE EXCEPTION 'material % stays', OLD.id USING ERRCODE = 'check_violation', CONSTRAINT = 'material_stays';
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER casework_material_stays BEFORE INSERT OR UPDATE ON casework_material
    FOR EACH ROW EXECUTE FUNCTION casework_material_stays();

CREATE FUNCTION casework_notice_stays() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    IF OLD.ended_at IS NOT NULL OR NEW.last_day < OLD.last_day
        OR (NEW.case_id, NEW.step, NEW.title, NEW.text, NEW.first_day)
            IS DISTINCT FROM (OLD.case_id, OLD.step, OLD.title, OLD.text, OLD.first_day) THEN
        RAISE EXCEPTION 'notice % stays', OLD.id USING ERRCODE = 'check_violation', CONSTRAINT = 'notice_stays';
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER casework_notice_stays BEFORE UPDATE ON casework_notice
    FOR EACH ROW EXECUTE FUNCTION casework_notice_stays();
CREATE TRIGGER casework_notice_is_not_removed BEFORE DELETE ON casework_notice
    FOR EACH ROW EXECUTE FUNCTION casework_history_stays();

CREATE FUNCTION casework_objection_stays() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    IF (NEW.notice_id, NEW.name, NEW.text, NEW.by_user_id, NEW.at)
            IS DISTINCT FROM (OLD.notice_id, OLD.name, OLD.text, OLD.by_user_id, OLD.at)
        OR (OLD.state <> 'open' AND (NEW.state, NEW.answer, NEW.answered_by_id, NEW.answered_at)
            IS DISTINCT FROM (OLD.state, OLD.answer, OLD.answered_by_id, OLD.answered_at)) THEN
        RAISE EXCEPTION 'objection % stays', OLD.id USING ERRCODE = 'check_violation', CONSTRAINT = 'objection_stays';
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER casework_objection_stays BEFORE UPDATE ON casework_objection
    FOR EACH ROW EXECUTE FUNCTION casework_objection_stays();
