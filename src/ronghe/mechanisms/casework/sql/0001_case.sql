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
