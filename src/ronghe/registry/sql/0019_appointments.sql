-- Hours are stated once; an appointment has a seat of the hours that hold on its day, and what became of it stays.

SELECT ronghe_append_only('registry_appointmentplan');
SELECT ronghe_append_only('registry_appointmenthours');

-- Slots of one weekday of a plan lie beside one another: seconds of the week (ranges alone, btree_gist may be missing).
ALTER TABLE registry_appointmenthours ADD CONSTRAINT appointment_hours_apart
    EXCLUDE USING gist (
        int8range(plan_id, plan_id, '[]') WITH &&,
        int4range(
            weekday * 86400 + extract(epoch FROM begins)::integer, weekday * 86400 + extract(epoch FROM ends)::integer
        ) WITH &&
    );

CREATE FUNCTION registry_appointment_is_offered() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
DECLARE
    holding bigint;
BEGIN
    SELECT id INTO holding FROM registry_appointmentplan
        WHERE window_id = NEW.window_id AND begins_on <= NEW.day ORDER BY begins_on DESC, id DESC LIMIT 1;
    IF EXISTS (SELECT 1 FROM registry_registrationwindow WHERE id = NEW.window_id AND ended_at IS NULL)
       AND EXISTS (SELECT 1 FROM registry_appointmenthours
                   WHERE plan_id = holding AND weekday = extract(isodow FROM NEW.day) AND begins = NEW.begins
                     AND ends = NEW.ends AND capacity >= NEW.seat) THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION '窗口 % 在 % % 没有第 % 个席位。', NEW.window_id, NEW.day, NEW.begins, NEW.seat
        USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'appointment_is_offered';
END $$;

CREATE TRIGGER appointment_is_offered BEFORE INSERT ON registry_appointment
    FOR EACH ROW EXECUTE FUNCTION registry_appointment_is_offered();

-- A fact comes once; nothing follows a cancellation, and who came has not been missed afterwards.
CREATE FUNCTION registry_appointment_stays() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    IF TG_OP = 'UPDATE'
       AND to_jsonb(OLD) - '{cancelled_at,came_at,missed_at}'::text[]
         = to_jsonb(NEW) - '{cancelled_at,came_at,missed_at}'::text[]
       AND OLD.cancelled_at IS NULL AND OLD.came_at IS NULL
       AND (OLD.missed_at IS NULL OR NEW.missed_at = OLD.missed_at AND NEW.cancelled_at IS NULL) THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION '预约 % 已经记录的不能改写或删除。', OLD.id
        USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'appointment_stays';
END $$;

CREATE TRIGGER appointment_stays BEFORE UPDATE OR DELETE ON registry_appointment
    FOR EACH ROW EXECUTE FUNCTION registry_appointment_stays();
