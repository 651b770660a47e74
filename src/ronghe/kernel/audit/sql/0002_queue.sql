-- The queue holds events and nothing else, and an event leaves it only with a position. The serving role writes the queue
-- (it seals), so that rights alone cannot tell its sealer from its mistakes: triggers do, and they speak to everybody.

-- The transaction number is set before the row is written; the queue is entered after, when the event is there.
CREATE OR REPLACE FUNCTION audit_event_enters() RETURNS trigger LANGUAGE plpgsql
SET search_path = public, pg_temp AS $$
BEGIN
    NEW.txid := pg_current_xact_id();
    RETURN NEW;
END $$;

CREATE FUNCTION audit_event_waits() RETURNS trigger LANGUAGE plpgsql
SET search_path = public, pg_temp AS $$
BEGIN
    INSERT INTO audit_waiting (event_id) VALUES (NEW.id);
    RETURN NULL;
END $$;

CREATE TRIGGER event_waits AFTER INSERT ON audit_event FOR EACH ROW EXECUTE FUNCTION audit_event_waits();

CREATE FUNCTION audit_waiting_is_an_event() RETURNS trigger LANGUAGE plpgsql
SET search_path = public, pg_temp AS $$
BEGIN
    IF NOT EXISTS (SELECT 1 FROM audit_event WHERE id = NEW.event_id)
       OR EXISTS (SELECT 1 FROM audit_sealedevent WHERE event_id = NEW.event_id) THEN
        RAISE EXCEPTION '% 不是等待封存的事件，不能放入待封存之列。', NEW.event_id
            USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'waiting_is_an_event';
    END IF;
    RETURN NEW;
END $$;

-- Not ALWAYS, like event_enters: a logical replica takes over what its origin has checked.
CREATE TRIGGER waiting_is_an_event BEFORE INSERT ON audit_waiting
    FOR EACH ROW EXECUTE FUNCTION audit_waiting_is_an_event();

CREATE FUNCTION audit_waiting_ends_sealed() RETURNS trigger LANGUAGE plpgsql
SET search_path = public, pg_temp AS $$
BEGIN
    IF NOT EXISTS (SELECT 1 FROM audit_sealedevent WHERE event_id = OLD.event_id) THEN
        RAISE EXCEPTION '事件 % 还没有封存，不能移出待封存之列。', OLD.event_id
            USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'waiting_ends_sealed';
    END IF;
    RETURN OLD;
END $$;

CREATE TRIGGER waiting_ends_sealed BEFORE DELETE ON audit_waiting
    FOR EACH ROW EXECUTE FUNCTION audit_waiting_ends_sealed();
CREATE TRIGGER waiting_stays_itself BEFORE UPDATE ON audit_waiting
    FOR EACH ROW EXECUTE FUNCTION ronghe_refuse_change();
ALTER TABLE audit_waiting ENABLE ALWAYS TRIGGER waiting_ends_sealed;
ALTER TABLE audit_waiting ENABLE ALWAYS TRIGGER waiting_stays_itself;
