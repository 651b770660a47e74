-- A task moves only together with a row of its history; its last day only by an extension; what was said stays.

CREATE FUNCTION governance_history_stays() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    RAISE EXCEPTION '% is never changed or removed', TG_TABLE_NAME
        USING ERRCODE = 'check_violation', CONSTRAINT = TG_TABLE_NAME || '_stays';
END $$;

CREATE TRIGGER governance_move_stays BEFORE UPDATE OR DELETE ON governance_taskmove
    FOR EACH ROW EXECUTE FUNCTION governance_history_stays();

CREATE FUNCTION governance_move_follows() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
DECLARE
    found governance_task%ROWTYPE;
BEGIN
    SELECT * INTO found FROM governance_task WHERE id = NEW.task_id FOR UPDATE;
    IF NEW.from_state <> found.state OR NEW.number <> found.moves + 1 THEN
        RAISE EXCEPTION 'move % does not follow the state of task %', NEW.number, NEW.task_id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'task_move_follows';
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER governance_move_follows BEFORE INSERT ON governance_taskmove
    FOR EACH ROW EXECUTE FUNCTION governance_move_follows();

CREATE FUNCTION governance_move_moved() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    IF (SELECT moves FROM governance_task WHERE id = NEW.task_id) < NEW.number THEN
        RAISE EXCEPTION 'move % has not moved task %', NEW.number, NEW.task_id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'task_move_moves';
    END IF;
    RETURN NULL;
END $$;

CREATE CONSTRAINT TRIGGER governance_move_moved AFTER INSERT ON governance_taskmove
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION governance_move_moved();

CREATE FUNCTION governance_task_moves() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    IF TG_OP = 'DELETE' THEN
        IF OLD.moves > 0 THEN
            RAISE EXCEPTION 'task % was at work', OLD.id
                USING ERRCODE = 'check_violation', CONSTRAINT = 'task_at_work_stays';
        END IF;
        RETURN OLD;
    END IF;
    IF TG_OP = 'INSERT' THEN
        IF NEW.moves <> 0 OR NEW.state <> 'listed' THEN
            RAISE EXCEPTION 'a task begins listed and unmoved'
                USING ERRCODE = 'check_violation', CONSTRAINT = 'task_begins_listed';
        END IF;
        RETURN NEW;
    END IF;
    IF (NEW.zone_id, NEW.division_id, NEW.parent_id) IS DISTINCT FROM (OLD.zone_id, OLD.division_id, OLD.parent_id) THEN
        RAISE EXCEPTION 'the place of task % stays', OLD.id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'task_head_stays';
    END IF;
    IF OLD.state NOT IN ('listed') AND NEW.due IS DISTINCT FROM OLD.due AND NOT EXISTS (
        SELECT 1 FROM governance_extension e
        WHERE e.task_id = OLD.id AND e.before = OLD.due AND e.after = NEW.due
    ) THEN
        RAISE EXCEPTION 'the last day of task % moves by an extension alone', OLD.id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'task_due_moves_by_extension';
    END IF;
    IF NEW.moves = OLD.moves THEN
        IF NEW.state <> OLD.state THEN
            RAISE EXCEPTION 'task % moves with its history alone', OLD.id
                USING ERRCODE = 'check_violation', CONSTRAINT = 'task_moves_with_history';
        END IF;
        RETURN NEW;
    END IF;
    IF NEW.moves <> OLD.moves + 1 OR NOT EXISTS (
        SELECT 1 FROM governance_taskmove m WHERE m.task_id = OLD.id AND m.number = NEW.moves
          AND m.from_state = OLD.state AND m.to_state = NEW.state
    ) THEN
        RAISE EXCEPTION 'task % moves with its history alone', OLD.id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'task_moves_with_history';
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER governance_task_moves BEFORE INSERT OR UPDATE OR DELETE ON governance_task
    FOR EACH ROW EXECUTE FUNCTION governance_task_moves();
