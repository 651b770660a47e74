DROP TRIGGER waiting_stays_itself ON audit_waiting;
DROP TRIGGER waiting_ends_sealed ON audit_waiting;
DROP FUNCTION audit_waiting_ends_sealed();
DROP TRIGGER waiting_is_an_event ON audit_waiting;
DROP FUNCTION audit_waiting_is_an_event();
DROP TRIGGER event_waits ON audit_event;
DROP FUNCTION audit_event_waits();

CREATE OR REPLACE FUNCTION audit_event_enters() RETURNS trigger LANGUAGE plpgsql
SET search_path = public, pg_temp AS $$
BEGIN
    NEW.txid := pg_current_xact_id();
    INSERT INTO audit_waiting (event_id) VALUES (NEW.id);
    RETURN NEW;
END $$;
